"""Read the compactly written training articles (training/data/own_articles_*.txt) into the corpus form.

One line a thing:
    @ ID DATE                                              a new article
    S sentence                                             (a blank line before it begins a paragraph)
    - TYPE[.mode] STATUS SRC,SRC>TGT H:HOLDER,HOLDER ~trigger [!]    a row of the sentence above; `!`: disputed
    = source | cue | content | holder | act [*]            an attribution; `first ... last`: from, to; `*`: anonymous;
                                                           source and cue may stand in the sentence before (a quotation
                                                           that runs on)
Labels are those of eval/README.md: ISO 3166 alpha-3 or a name, alternatives with `|`. In `H:` a comma separates nested
holders. Every sentence is invented and written for demarche (CC BY 4.0).

usage: python -m training.own_articles > own_articles.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from demarche.records import Act, EventType, Status

DATA = Path(__file__).parent / "data"
HELD = ("17", "18", "19", "20", "21")
"""Parts that teach neither encoder nor heads, so that the judge meets their scores of sentences new to them."""
ACTS = frozenset(act.value for act in Act)
STATUSES = frozenset(status.value for status in Status)
TYPES = frozenset(kind.value for kind in EventType)
ROW = re.compile(r"- ([A-Z]+)(?:\.([a-z-]+))? (\w+) (.*?)>(.*?) H:(.*?) ?~(.+?)( !)?$")


def _labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(",") if label.strip()]


def _expand(content: str, sentence: str, where: str) -> str:
    """`first ... last` as it stands in the sentence."""
    first, _, last = content.partition(" ... ")
    start = sentence.find(first)
    end = sentence.find(last, start + len(first)) + len(last) if last else start + len(first)
    if start < 0 or end < start + len(first) or (last and sentence.find(last, start + len(first)) < 0):
        raise ValueError(f"{where}: {content!r} does not stand in {sentence!r}")
    return sentence[start:end]


def _quoted(content: str, sentence: str) -> str:
    at = sentence.find(content)
    before, after = sentence[:at].rstrip()[-1:], sentence[at + len(content) :][:1]
    if before == '"' and (after == '"' or content[-1:] in ',."'):
        return "direct"
    return "mixed" if '"' in content else "indirect"


def _row(line: str, sentence: str, where: str) -> dict[str, Any]:
    match = ROW.match(line)
    if match is None:
        raise ValueError(f"{where}: cannot read {line!r}")
    kind, mode, status, sources, targets, holders, trigger, disputed = match.groups()
    if kind not in TYPES or status not in STATUSES:
        raise ValueError(f"{where}: no type {kind} or no status {status}")
    if trigger not in sentence:
        raise ValueError(f"{where}: trigger {trigger!r} does not stand in {sentence!r}")
    chain = _labels(holders)
    return {
        "quote": sentence, "trigger": trigger, "type": kind, "mode": mode, "sources": _labels(sources),
        "targets": _labels(targets), "status": status, "holders": chain,
        "standing": "disputed" if disputed else "attributed" if chain else "reported",
        "date": None, "place": None, "amount": None, "condition": None,
    }  # fmt: skip


def _attribution(line: str, sentence: str, before: str, where: str) -> dict[str, Any]:
    source, cue, content, holder, act = (part.strip() for part in line[1:].split("|", 2)[:2] + _tail(line))
    anonymous, act = act.endswith("*"), act.rstrip("* ")
    if act not in ACTS:
        raise ValueError(f"{where}: no act is called {act!r}")
    content = _expand(content, sentence, where)
    for words in (source, cue):
        if words and words not in sentence and words not in before:
            raise ValueError(f"{where}: {words!r} does not stand in {sentence!r}")
    return {
        "source": source or None, "cue": cue, "content": content, "holder": None if holder == "null" else holder,
        "act": act, "anonymous": anonymous, "quoted": _quoted(content, sentence),
    }  # fmt: skip


def _tail(line: str) -> list[str]:
    """content, holder (which may have `|` alternatives) and act."""
    content, rest = line[1:].split("|", 2)[2].split("|", 1)
    holder, act = rest.rsplit("|", 1)
    return [content, holder, act]


def read_articles(path: Path) -> list[dict[str, Any]]:
    """The articles of one file, in the form of data/corpus; the part of the file goes before their ids.

    Raises:
        ValueError: a line cannot be read, or words do not stand in their sentence; names file and line.
    """
    articles: list[dict[str, Any]] = []
    part = path.stem.rsplit("_", 1)[-1]
    sentence, before, gap = "", "", False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        where = f"{path.name}:{number}"
        if line.startswith("@ "):
            _, name, date = line.split()
            articles.append(
                {
                    "id": f"{part}.{name}",
                    "date": date,
                    "text": "",
                    "events": [],
                    "attributions": [],
                    "roles": [],
                    "disputed": [],
                }
            )
            sentence, gap = "", False
        elif line.startswith("S "):
            before, sentence = sentence, line[2:].strip()
            text = articles[-1]["text"]
            articles[-1]["text"] = f"{text}{chr(10) * 2 if gap else ' ' if text else ''}{sentence}"
            gap = False
        elif line.startswith("- "):
            articles[-1]["events"].append(_row(line, sentence, where))
        elif line.startswith("= "):
            articles[-1]["attributions"].append(_attribution(line, sentence, before, where))
        elif line.strip():
            raise ValueError(f"{where}: cannot read {line!r}")
        else:
            gap = bool(articles) and bool(articles[-1]["text"])
    return articles


def own_articles() -> list[dict[str, Any]]:
    """The articles of all files, in the order of their names; raises as `read_articles`."""
    return [article for path in sorted(DATA.glob("own_articles_*.txt")) for article in read_articles(path)]


def is_held(name: str) -> bool:
    """Whether an article, by its id or a sentence's key, is of a part that neither encoder nor heads learn from."""
    return name.removeprefix("corpus:").split(".", 1)[0] in HELD


def main() -> None:
    """Write all articles as one JSON list to stdout."""
    json.dump(own_articles(), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
