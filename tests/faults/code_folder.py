"""Codes a folder of texts with the fake rooms; run by the fault tests as a process of its own.

usage: code_folder.py FOLDER RECORD ENGINE [DELAY]      DELAY: seconds of work a document
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demarche.pipeline import CodeWork, Engine, InlineEngine, LocalEngine, Models, code_into, stop_gently
from demarche.pipeline import run as run_module
from demarche.records import Tree
from fake_rooms import FakeCoder, FakeLinker, FakeParser, read_fake_folder

DELAY = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0


class SlowParser(FakeParser):
    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        time.sleep(DELAY)
        return super().parse(texts)


def load_slow() -> Models:
    return Models(parser=SlowParser(), linker=FakeLinker(), coder=FakeCoder(), damage=lambda words: 0.0)


def main() -> None:
    run_module.BATCH_DOCUMENTS = 3  # many commits, so that a kill falls near one
    run_module.TASK_DOCUMENTS = 2
    engine: Engine = InlineEngine() if sys.argv[3] == "inline" else LocalEngine(workers=int(sys.argv[3]))
    with stop_gently() as stop:
        counts = code_into(
            Path(sys.argv[2]), read_fake_folder(Path(sys.argv[1])), engine, CodeWork(load=load_slow),
            version="1", options="{}", stop=stop,
        )  # fmt: skip
    print(counts.coded, counts.skipped, counts.rejected, counts.stopped)


if __name__ == "__main__":
    main()
