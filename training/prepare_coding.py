"""Cut the coded corpus into sentences with word-level labels for `training.tasks.coding`.

Runs with the product installed (its parser and actor table say which words name whom), writes JSON lines:
train.jsonl (data/corpus, training/data, the examples of the rules, quiet texts) and dev.jsonl (eval/dev_articles.json,
never trained on).

usage: python -m training.prepare_coding --shared ../shared --out training/work/coding
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from demarche.linking.folding import fold_letters
from demarche.linking.tables import Tables, load_tables
from demarche.records import Tree
from demarche.syntax import load_parser
from training.own_articles import own_articles
from training.quiet import quiet_texts
from training.silver import rule_sentences

__all__ = ["groups_of", "main", "sentences_of"]

SINGULAR = frozenset({"name", "demonym", "capital"})
SWAPPED = ("name", "demonym", "capital", "people")
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN"})
EDGE = r"(?<!\w)"
VOICED = "x"
"""First letter of the own articles whose attributions are coded in full, so that having none is a label too; the part
of the file stands before it (`6.xc0001`)."""
Row = dict[str, Any]


def norm(label: str) -> str:
    """As eval/score_articles.py compares labels."""
    return re.sub(r"[^a-z0-9]+", " ", label.lower()).strip().removeprefix("the ").strip()


def groups_of(tree: Tree, text: str, tables: Tables, names: dict[str, str]) -> tuple[dict[str, list[int]], list[Row]]:
    """Label → words that stand for it in the sentence; and single-word names that may be swapped.

    A name counts with the noun it modifies (*Israeli officials*, *president of France*) and its apposition. `names`
    remembers family names so explained for the rest of the article.
    """
    groups: dict[str, list[int]] = {}
    swaps: list[Row] = []
    for hit in tables.search(fold_letters(text[tree.start : tree.end])):
        first = bisect_right(tree.ends, tree.start + hit.start)
        last = bisect_left(tree.starts, tree.start + hit.end) - 1
        if first > last or tree.starts[first] != tree.start + hit.start:
            continue
        row = tables.rows.get(hit.candidates[0].id)
        label = norm((row.country or row.name) if row else hit.candidates[0].id)
        inside = range(first, last + 1)
        head = next((w for w in reversed(inside) if tree.heads[w] not in inside), last)
        for word in (head, *_bearers(tree, head)):
            groups.setdefault(label, []).append(word)
            if word != head and tree.upos[word] == "PROPN":
                names[tree.forms[word]] = label
        if hit.candidates[0].form in SWAPPED and row and row.country:
            swaps.append({"first": first, "last": last, "form": hit.candidates[0].form, "label": label})
    taken = {word for words in groups.values() for word in words}
    for word, form in enumerate(tree.forms):
        if word not in taken and form in names and tree.upos[word] == "PROPN":
            groups.setdefault(names[form], []).append(word)
    return {label: sorted(set(words)) for label, words in groups.items()}, swaps


def _bearers(tree: Tree, word: int) -> Iterator[int]:
    """Nouns that a name lends its label to."""
    for _ in range(3):
        head, relation = tree.heads[word], tree.deprels[word]
        case = [tree.forms[k].lower() for k, h in enumerate(tree.heads) if h == word and tree.deprels[k] == "case"]
        near = relation in ("amod", "compound", "nmod:poss", "nmod:desc", "nmod:unmarked", "appos", "flat")
        if head < 0 or tree.upos[head] not in ("NOUN", "PROPN"):
            return
        if not near and not (relation.startswith("nmod") and case and case[0] in ("of", "'s")):
            return
        yield head
        for kid, above in enumerate(tree.heads):
            if above == head and tree.deprels[kid] == "appos" and kid != word:
                yield kid
        word = head


def sentences_of(article: Mapping[str, Any], parser: Any, tables: Tables) -> Iterator[Row]:
    """The labelled sentences of one article."""
    text = article["text"]
    names: dict[str, str] = {}
    rows = [_placed(text, event) for event in article["events"]]
    attributions = [found for row in article.get("attributions", []) if (found := _attribution(text, row))]
    number = 0
    for match in re.finditer(r"[^\n]+", text):
        for tree in (t.shifted(match.start()) for t in parser.parse([match.group()])[0]):
            groups, swaps = groups_of(tree, text, tables, names)
            bearing = {word for words in groups.values() for word in words}
            yield {
                "key": f"corpus:{article['id']}.{number}",
                "words": tree.forms,
                "glued": [i > 0 and tree.ends[i - 1] == tree.starts[i] for i in range(len(tree))],
                "groups": groups,
                "swaps": swaps,
                "free": [w for w in range(len(tree)) if tree.upos[w] in NOMINAL and w not in bearing],
                "rows": [_row(tree, row) for row in rows if tree.start <= row["at"][0] < tree.end],
                "acts_only": article.get("acts_only", False),
                "voiced": article.get("voiced", True),
                "attributions": [_words(tree, row) for row in attributions if tree.start <= row["cue"][0] < tree.end],
            }
            number += 1


def _placed(text: str, event: Row) -> Row:
    found = re.search(r"\s+".join(re.escape(word) for word in event.get("quote", text).split()), text)
    start = found.start() if found else -1
    at = text.find(event["trigger"], max(start, 0))
    return {**event, "at": (at, at + len(event["trigger"]))}


def _range(tree: Tree, span: Sequence[int]) -> tuple[int, int] | None:
    first, last = bisect_right(tree.ends, span[0]), bisect_left(tree.starts, span[1]) - 1
    return (first, last) if first <= last else None


def _row(tree: Tree, row: Row) -> Row:
    span = _range(tree, row["at"]) or (0, 0)
    inside = range(span[0], span[1] + 1)
    word = next((w for w in inside if tree.upos[w] in CONTENT), span[0])
    sets = {
        role: [[norm(part) for part in label.split("|")] for label in row.get(role) or []]
        for role in ("sources", "targets", "holders")
    }
    return {
        "word": word,
        "type": row["type"],
        "status": row["status"],
        "standing": row.get("standing", "reported"),
        **sets,
    }


def _attribution(text: str, row: Row) -> Row | None:
    """Spans of cue, source and content: the occurrences that lie nearest together."""
    contents = [m.span() for m in re.finditer(re.escape(row["content"]), text)]
    edge = EDGE if row["cue"][0].isalnum() else ""  # a colon stands right behind a word
    cues = [m.span() for m in re.finditer(rf"{edge}{re.escape(row['cue'])}(?!\w)", text)]
    pairs = [(min(abs(c[0] - k[1]), abs(k[0] - c[1])), k, c) for c in contents for k in cues]
    pairs = [p for p in pairs if not (p[2][0] <= p[1][0] and p[1][1] <= p[2][1])] or pairs
    if not pairs:
        return None
    _, cue, content = min(pairs)
    sources = [m.span() for m in re.finditer(re.escape(row["source"]), text)] if row.get("source") else []
    source = min(sources, key=lambda s: min(abs(s[0] - cue[1]), abs(cue[0] - s[1])), default=None)
    return {"cue": cue, "content": content, "source": source, "act": row["act"]}


def _words(tree: Tree, row: Row) -> Row:
    clip = lambda span: _range(tree, span) if span and span[0] < tree.end and span[1] > tree.start else None  # noqa: E731
    return {"act": row["act"], **{name: clip(row[name]) for name in ("cue", "source", "content")}}


def _is_voiced(article: Row) -> bool:
    return bool(article["attributions"]) or article["id"].rpartition(".")[2].startswith(VOICED)


def main() -> None:
    """Write train.jsonl and dev.jsonl."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--out", type=Path, default=Path("training/work/coding"))
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    parser, tables = load_parser(), load_tables()
    train = [
        a for path in sorted((options.shared / "data/corpus").glob("*.json")) for a in json.loads(path.read_text())
    ]
    train += [{**article, "voiced": _is_voiced(article)} for article in own_articles()]
    train += rule_sentences()
    train += quiet_texts(options.shared / "data" / "ud")
    dev = json.loads((options.shared / "eval/dev_articles.json").read_text())
    for name, articles in (("train", train), ("dev", dev)):
        lines = [json.dumps(s, ensure_ascii=False) for a in articles for s in sentences_of(a, parser, tables)]
        (options.out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        print(name, len(articles), "articles", len(lines), "sentences")


if __name__ == "__main__":
    main()
