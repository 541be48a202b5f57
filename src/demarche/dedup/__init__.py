"""Dedup: copies of articles recognised before anything is parsed, and happenings counted once.

`fingerprint` keeps 5 kB of an article (`Prints` in a file); `find_clusters` groups them into sets of copies;
`merge_events` groups assertions into happenings. All three give the same answer in any order of arrival.
"""

from demarche.dedup.clusters import Known, find_clusters
from demarche.dedup.compare import Comparison, compare
from demarche.dedup.decisions import Decisions, read_decisions
from demarche.dedup.evaluate import evaluate_copies
from demarche.dedup.events import Events, merge_events, merge_in_turn, turn_of
from demarche.dedup.fingerprint import Fingerprint, fingerprint, fingerprint_text
from demarche.dedup.grams import Grams
from demarche.dedup.prints import Prints
from demarche.dedup.retellings import evaluate_events, event_rows, label_rows, read_retellings
from demarche.dedup.runs import shared_runs
from demarche.dedup.tellings import Telling, read_tellings

__all__ = [
    "Comparison", "Decisions", "Events", "Fingerprint", "Grams", "Known", "Prints", "Telling", "compare",
    "evaluate_copies", "evaluate_events", "event_rows", "find_clusters", "fingerprint", "fingerprint_text",
    "label_rows", "merge_events", "merge_in_turn", "read_decisions", "read_retellings", "read_tellings", "shared_runs",
    "turn_of",
]  # fmt: skip
