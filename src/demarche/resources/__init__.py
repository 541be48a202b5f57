"""Resources: rules, lexicons, codebooks and tables as data, and what reads them.

`load_relations()` gives the dated relations of the actor table, to whichever room needs them; `Rewording` and
`read_note` are what `ingest` and `linking` know of reworded names together.
"""

from demarche.resources.load import read_bytes, read_text, read_toml
from demarche.resources.relations import Membership, Relation, RelationKind, Relations, load_relations, members_of
from demarche.resources.rewordings import REWORDINGS, Rewording, read_note

__all__ = [
    "REWORDINGS", "Membership", "Relation", "RelationKind", "Relations", "Rewording", "load_relations", "members_of",
    "read_bytes", "read_note", "read_text", "read_toml",
]  # fmt: skip
