"""Real texts without political acts, so that heads and judge learn what shares the verbs of politics.

Reviews, answers and office mail of the EWT training treebank, travel guides, vlogs, textbooks and papers of GUM's: by
their kind they hold next to no act of a political actor (*gave us a refund*, *attacked the problem*, *agreed to pay*).
The labels are silver: a sentence that does tell of one is labelled wrongly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from demarche.syntax import read_texts

__all__ = ["quiet_texts"]

FILES = {
    "en_ewt-ud-train.conllu": {"reviews": 110, "answers": 70, "email": 45},
    "en_gum-open-train.conllu": {"GUM_voyage": 9, "GUM_vlog": 6, "GUM_textbook": 5, "GUM_academic": 6},
}
"""Treebank → beginning of a document's name → how many documents."""

LONGEST = 8
"""Sentences of a document, at most."""

Row = dict[str, Any]


def quiet_texts(treebanks: Path) -> Iterator[Row]:
    """Documents in the form of data/corpus, without events. treebanks: the folder `ud`."""
    for name, kinds in FILES.items():
        documents = read_texts(treebanks / name)
        for kind, count in kinds.items():
            names = sorted(name for name in documents if name.startswith(kind))
            for chosen in sorted(random.Random(7).sample(names, min(count, len(names)))):
                sentences = chain.from_iterable(documents[chosen])
                yield {
                    "id": f"quiet-{chosen}", "text": " ".join(islice(sentences, LONGEST)), "date": "2012-05-15",
                    "events": [], "attributions": [], "acts_only": True, "voiced": False,
                }  # fmt: skip
