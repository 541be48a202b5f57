"""A generated day of news: lengths, copies and empty sentences in the proportions of the wire.

Articles of 5 to 60 sentences (log-normal), 40 % of them copies (half verbatim under another address, half with some
sentences dropped and a credit line added), 70 % of the sentences without a pair of actors.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

__all__ = ["generate", "write_corpus"]

STATES = ["France", "Russia", "China", "Ukraine", "Kenya", "Brazil", "Japan", "Poland", "Egypt", "India", "Turkey",
          "Peru", "Moscow", "Beijing", "Washington", "Paris", "Tokyo", "Ankara", "the Kremlin", "the European Union",
          "NATO"]  # fmt: skip
ACTS = [
    "{a} accused {b} of {m} {k} over the {j} {l}.",
    "{a} told {h} {k} on {day} that {b} had asked for {m} {l}.",
    "{a} warned {j} {b} {k} it would impose {m} sanctions unless the {l} {w}.",
    "Some {k} officials in {a} called {b} likely to accept the {m} {l}, which a {h} spokesman denied.",
    "{a} pledged {n} {k} dollars in {m} aid for {b} when the {l} {v}.",
    "The {a} {k} minister met {j} counterparts from {b} about {m} and {l}.",
    "{a} rejected every {m} {k} request {b} {v} for its {l}.",
    "{j} {m} troops from {a} shelled {b} {k} posts as the {l} {w}.",
]
FILLERS = [
    "The {noun} has been closed since {day}, and traders say that prices of {thing} have doubled.",
    "Nobody expected the {noun} to last for more than {n} days.",
    "Heavy rain delayed the work on the {noun}, which serves about {n} villages.",
    "Analysts point to the price of {thing} and to a poor harvest in the south.",
    "At the market on {day} morning people queued for {thing} from before dawn.",
    "The company reported a profit of {n} million for the quarter, less than had been hoped.",
    "It was the third such {noun} in as many years.",
    "“We have waited long enough,” said a farmer who gave only his first name, holding a photograph of the {noun}.",
    "Schools and offices stayed shut, while the {noun} was being repaired by volunteers.",
    "A spokeswoman for the hospital said {n} people had been treated for minor injuries.",
]
THINGS = ["gas", "grain", "fishing rights", "prisoners", "border crossings", "steel", "water", "vaccines", "missiles"]
NOUNS = ["pipeline", "bridge", "corridor", "embassy", "convoy", "port", "dam", "truce", "railway", "checkpoint"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


FRAMES = [
    "The {j} {m} of the {k} {v} the {l}, and the {i} {w} before the {h}.",
    "{J} {m}s {v} near the {k}, though few had seen a {i} {l} since the {h}.",
    "“The {m} {v} our {k},” said a {i} of the {l}, who {w} every {h}.",
    "In the {j} {h} a {m} {v} the {l} beside a {i} {k}.",
    "Nobody {w} the {m} until its {k} {v} a {j} {l} in the {h}.",
]
"""Sentences about nothing, so many in their words that no two articles look like copies of each other."""


@functools.cache
def _words(tag: str) -> tuple[str, ...]:
    """Plain words of a tag from the parser's own list."""
    table = files("demarche.syntax").joinpath("weights/lemmas.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return tuple(sorted(form for form, found, _ in rows if found == tag and form.isalpha() and form.islower()))


def _fill(chance: random.Random) -> dict[str, str]:
    """Words for the slots of a frame: nouns, an adjective, two verbs."""
    nouns = chance.sample(_words("NN"), 5)
    adjective = chance.choice(_words("JJ"))
    verbs = chance.sample(_words("VBD"), 2)
    return dict(zip("mklihjJvw", (*nouns, adjective, adjective.title(), *verbs), strict=True))


def _sentence(chance: random.Random) -> str:
    a, b = chance.sample(STATES, 2)
    kind = chance.random()
    if kind > 0.35:
        return chance.choice(FRAMES).format(**_fill(chance))
    form = chance.choice(ACTS if kind < 0.3 else FILLERS)
    text = form.format(
        a=a, b=b, thing=chance.choice(THINGS), noun=chance.choice(NOUNS), day=chance.choice(DAYS),
        n=chance.randint(2, 900), **_fill(chance),
    )  # fmt: skip
    return text[0].upper() + text[1:]


def _article(chance: random.Random) -> list[str]:
    """Title and paragraphs of one to three sentences."""
    left = min(60, max(5, round(chance.lognormvariate(3.0, 0.5))))
    lines = [_sentence(chance).rstrip(".")]
    while left > 0:
        size = min(left, chance.randint(1, 3))
        lines.append(" ".join(_sentence(chance) for _ in range(size)))
        lines[-1] += f" That was {_count(chance)}, the {_count(chance)} said."  # no two paragraphs alike but in copies
        left -= size
    return lines


def _count(chance: random.Random) -> str:
    return f"{chance.choice(NOUNS)} number {chance.randint(100, 9999)}"


def generate(count: int, *, seed: int = 1) -> Iterator[dict[str, str]]:
    """Rows for a JSONL file."""
    chance = random.Random(seed)
    recent: list[list[str]] = []
    for number in range(count):
        if recent and chance.random() < 0.4:
            lines = list(chance.choice(recent))
            if chance.random() < 0.5:
                lines = [lines[0], *(line for line in lines[1:] if chance.random() < 0.85), "(Reporting by wire staff)"]
        else:
            lines = _article(chance)
            recent = [*recent[-300:], lines]
        yield {
            "id": f"g{number}",
            "url": f"https://news{number % 97}.example/{number}",
            "published": f"2024-03-{1 + number % 28:02d}",
            "text": "\n\n".join(lines),
        }


def write_corpus(path: Path, count: int, *, seed: int = 1) -> int:
    """Write the corpus; its words, separated by white space."""
    words = 0
    with path.open("w", encoding="utf-8") as file:
        for row in generate(count, seed=seed):
            file.write(json.dumps(row) + "\n")
            words += len(row["text"].split())
    return words
