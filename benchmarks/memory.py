"""`python -m benchmarks.memory --articles N …`: memory of a long run over all its processes, without the parser's cost.

Codes N generated short articles with two workers, from reading to the published record, as `demarche code` does, with
stand-ins for parser, linker and coder that cost next to nothing: what grows with the number of articles (fingerprints,
sets of copies, tables over documents, the serving file) is real, what a worker needs for its models (0.4 to 0.8 GB) is
not there and comes on top. Every second the proportional set sizes (PSS) of the processes are added up.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import STATES, write_corpus
from demarche.ingest import read_inputs
from demarche.pipeline import CodeWork, LocalEngine, Models, code_into
from demarche.records import (
    Actor,
    ActorKind,
    Article,
    Assertion,
    Basis,
    Certainty,
    EventType,
    Linked,
    Mention,
    MentionKind,
    Polarity,
    Quad,
    Sentence,
    Standing,
    Statements,
    Status,
    Tree,
    Via,
)

__all__ = ["cheap_models", "main"]

CODES = {"France": "FRA", "Russia": "RUS", "China": "CHN", "Ukraine": "UKR", "Kenya": "KEN", "Brazil": "BRA",
         "Japan": "JPN", "Poland": "POL", "Egypt": "EGY", "India": "IND", "Turkey": "TUR", "Peru": "PER",
         "Moscow": "RUS", "Beijing": "CHN", "Washington": "USA", "Paris": "FRA", "Tokyo": "JPN", "Ankara": "TUR",
         "the Kremlin": "RUS", "the European Union": "o:european-union", "NATO": "o:nato"}  # fmt: skip
ACTS = {"accused": "ACCUSE", "asked": "REQUEST", "warned": "THREATEN", "called": "CONSULT", "pledged": "AID",
        "met": "CONSULT", "rejected": "REJECT", "shelled": "ASSAULT", "signed": "AGREE",
        "expelled": "SANCTION"}  # fmt: skip
_STATE = re.compile(rf"\b(?:{'|'.join(STATES)})\b")
_SENTENCE = re.compile(r"\S[^.]*\.?")


class CheapParser:
    """A sentence ends at a full stop; its words hang on the first of them."""

    name = "cheap"

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        return [tuple(self._tree(text, *found.span()) for found in _SENTENCE.finditer(text)) for text in texts]

    def _tree(self, text: str, start: int, end: int) -> Tree:
        return Tree(start=start, end=end, starts=(start,), ends=(end,), forms=(text[start:end],), lemmas=("x",),
                    upos=("X",), xpos=("X",), feats=("_",), heads=(-1,), deprels=("root",))  # fmt: skip


class CheapLinker:
    """Names of states, word for word."""

    def link(self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree]) -> Linked:
        name = article.document.id
        actors: dict[str, Actor] = {}
        mentions: list[Mention] = []
        for sentence in sentences:
            for found in _STATE.finditer(article.document.text, sentence.start, sentence.end):
                code = CODES[found[0]]
                country = None if ":" in code else code
                kind = ActorKind.STATE if country else ActorKind.ORGANISATION
                actors[code] = Actor(id=code, name=code, kind=kind, country=country, sector="GOV", office=None,
                                     wikidata=None, basis=Basis.DICTIONARY)  # fmt: skip
                mentions.append(
                    Mention(id=f"{name}.m{len(mentions) + 1}", start=found.start(), end=found.end(), ref=code,
                            kind=MentionKind.ACTOR, head=True, via=Via.NAME)
                )  # fmt: skip
        return Linked(actors=tuple(actors.values()), mentions=tuple(mentions))


class CheapCoder:
    """A row for every sentence with two names and a verb of `ACTS`."""

    def code(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> Statements:
        rows: list[Assertion] = []
        for sentence in sentences:
            inside = [m.ref for m in linked.mentions if sentence.start <= m.start < sentence.end]
            words = article.document.text[sentence.start : sentence.end]
            verb = next((word for word in words.split() if word in ACTS), None)
            if len(dict.fromkeys(inside)) < 2 or verb is None:
                continue
            begin = sentence.start + words.index(verb)
            status = (Status.ACTUAL, Status.ACTUAL, Status.PLANNED)[zlib.crc32(words.encode()) % 3]
            rows.append(
                Assertion(
                    id=f"{article.document.id}.e{len(rows) + 1}", sentence=sentence.id, predicate=verb,
                    spans=((begin, begin + len(verb)),), type=EventType(ACTS[verb]), mode=None, contexts=(),
                    cameo="010", goldstein=0.0, intensity=0.0, quad=Quad.VERBAL_CONFLICT, sources=(inside[0] or "",),
                    targets=(inside[1] or "",), status=status, polarity=Polarity.POSITIVE, certainty=Certainty.CERTAIN,
                    standing=Standing.REPORTED, attribution=None, holders=(), place=None, time=None, amount=None,
                    condition=None, rule="cheap", score=0.5,
                )
            )  # fmt: skip
        return Statements(assertions=tuple(rows))


def cheap_models() -> Models:
    return Models(parser=CheapParser(), linker=CheapLinker(), coder=CheapCoder(), damage=lambda _: 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Megabytes of all processes of a run at one moment. mapped: pages of files among them."""

    seconds: float
    all: float
    main: float
    mapped: float


def family(pid: int) -> list[int]:
    """A process and what it has started."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task").glob("*/children"):
        for one in child.read_text().split():
            found += family(int(one))
    return found


def size_of(pid: int) -> tuple[float, float]:
    """PSS and the part of it that is pages of files, MB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:  # it has ended
        return 0.0, 0.0
    held = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return held.get("Pss", 0.0), held.get("Pss_File", 0.0)


def watch(process: subprocess.Popen[bytes], *, every: float = 1.0) -> list[Size]:
    """Sizes until the process ends."""
    found = []
    begun = time.monotonic()
    while process.poll() is None:
        try:
            sizes = [size_of(pid) for pid in family(process.pid)]
        except OSError:
            sizes = []
        if sizes:
            found.append(Size(seconds=time.monotonic() - begun, all=sum(size for size, _ in sizes), main=sizes[0][0],
                              mapped=sum(mapped for _, mapped in sizes)))  # fmt: skip
        time.sleep(every)
    return found


def measure(articles: int, sentences: int, keep: Path | None) -> str:
    """One run; a row of the table."""
    with tempfile.TemporaryDirectory(prefix="demarche-memory-") as scratch:
        corpus, record = Path(scratch) / "corpus.jsonl", (keep or Path(scratch)) / f"record{articles}"
        if record.exists():
            sys.exit(f"{record} is there already")
        words = write_corpus(corpus, articles, most=sentences)
        command = [sys.executable, "-m", "benchmarks.memory", "--corpus", str(corpus), "--record", str(record)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        sizes = watch(process)
        assert process.stdout is not None  # asked for above
        said = process.stdout.read().decode().strip()
        if process.returncode:
            sys.exit(process.returncode)
    if keep:
        lines = [f"{one.seconds:.0f}\t{one.all:.0f}\t{one.main:.0f}\t{one.mapped:.0f}" for one in sizes]
        (keep / f"sizes{articles}.tsv").write_text("\n".join(lines) + "\n")
    peak = max(sizes, key=lambda one: one.all)
    return (f"| {articles:,} | {words:,} | {said} | {peak.all:,.0f} | {peak.mapped:,.0f} |"
            f" {max(one.main for one in sizes):,.0f} | {peak.seconds:,.0f} of {sizes[-1].seconds:,.0f} |")  # fmt: skip


def code(corpus: Path, record: Path) -> None:
    """What the child does."""
    made = code_into(
        record, read_inputs([str(corpus)]), LocalEngine(workers=2), CodeWork(load=cheap_models), version="benchmark",
        options="{}",
    )  # fmt: skip
    used = os.times()
    print(f"{made.copies:,} | {used.user + used.system + used.children_user + used.children_system:,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000])
    parser.add_argument("--sentences", type=int, default=5, help="of an article at most")
    parser.add_argument("--keep", type=Path, help="keep records and sizes in this folder")
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.record:
        code(asked.corpus, asked.record)
        return
    print("| articles | words | copies | processor s | peak MB of all processes | of it pages of files |"
          " peak MB of the supervisor | second of the peak |")  # fmt: skip
    for articles in asked.articles:
        print(measure(articles, asked.sentences, asked.keep), flush=True)


if __name__ == "__main__":
    main()
