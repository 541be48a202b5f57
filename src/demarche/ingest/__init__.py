"""Reading news: files, folders, archives, dumps, feeds and addresses become articles with roles, dates and damage.

`read_inputs` streams; one bad input is one `Rejection`. Nothing heavy is imported before an input needs it.
"""

from demarche.ingest.damage import explain_damage, score_damage
from demarche.ingest.evaluate import IngestRow, evaluate_ingest
from demarche.ingest.inputs import read_inputs
from demarche.ingest.options import FetchOptions, Limits, ReadOptions

__all__ = [
    "FetchOptions", "IngestRow", "Limits", "ReadOptions", "evaluate_ingest", "explain_damage", "read_inputs",
    "score_damage",
]  # fmt: skip
