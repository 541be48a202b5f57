"""Reading news: files, folders, archives, dumps, feeds and addresses become articles with roles, dates and damage.

`read_inputs` streams; one bad input is one `Rejection`. Nothing heavy is imported before an input needs it.
"""

from demarche.ingest.damage import explain_damage, score_damage
from demarche.ingest.evaluate import evaluate_ingest
from demarche.ingest.fetch import Fetcher
from demarche.ingest.inputs import read_inputs
from demarche.ingest.language import noted_foreign
from demarche.ingest.options import FetchOptions, Limits, ReadOptions
from demarche.ingest.rows import FIELDS
from demarche.ingest.watch import Watch, log_line, read_watch_list

__all__ = [
    "FIELDS", "FetchOptions", "Fetcher", "Limits", "ReadOptions", "Watch", "evaluate_ingest",
    "explain_damage", "log_line", "noted_foreign", "read_inputs", "read_watch_list", "score_damage",
]  # fmt: skip
