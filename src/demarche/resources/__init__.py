"""Resources: rules, lexicons, codebooks and tables as data, and what reads them.

`load_relations()` gives the dated relations of the actor table, to whichever room needs them.
"""

from demarche.resources.load import read_bytes, read_text, read_toml
from demarche.resources.relations import Membership, Relation, RelationKind, Relations, load_relations, members_of

__all__ = [
    "Membership", "Relation", "RelationKind", "Relations", "load_relations", "members_of", "read_bytes", "read_text",
    "read_toml",
]  # fmt: skip
