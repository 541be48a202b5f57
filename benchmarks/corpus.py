"""A generated day of news: lengths, copies and empty sentences in the proportions of the wire.

Articles of 5 to 60 sentences (log-normal), 40 % of them copies (half verbatim under another address, half with some
sentences dropped and a credit line added), 70 % of the sentences without a pair of actors. Every article has a cast, a
place and a subject of its own, as articles have, so that only its copies look like copies of it.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["generate", "write_corpus"]

STATES = ["France", "Russia", "China", "Ukraine", "Kenya", "Brazil", "Japan", "Poland", "Egypt", "India", "Turkey",
          "Peru", "Moscow", "Beijing", "Washington", "Paris", "Tokyo", "Ankara", "the Kremlin", "the European Union",
          "NATO"]  # fmt: skip
ACTS = [
    "{a} accused {b} of {s} over {x}",
    "{a} told {p} {w} that {b} had asked for {m} {t}",
    "{a} warned {b} it would impose sanctions on {s} unless {x} {v}",
    "Officials in {a} called {b} likely to accept {x}, which {p} denied",
    "{a} pledged {n} dollars in aid for {b} {w}",
    "The {a} minister met {p} of {b} about {m} and {t}",
    "{a} rejected {b}'s request for {x}",
    "Troops from {a} shelled {b}'s posts near {c} {w}",
    "{a} signed {x} with {b}, {p} {v}",
    "{b} expelled {n} diplomats of {a} after {s} {v}",
]
"""Sentences with a pair of actors: a, b; p: a person, c: a place, x, s: things of the article's subject."""
FRAMES = [
    "{x} {v} {y} {w}",
    "{p} {v} {x} beside {y}",
    "In {c} {x} {v} before {p} could see {y}",
    "“{x} {v} us,” said {p}, who {v2} {y}",
    "Nobody in {c} {v} {x} until {y} {v2}",
    "{w} {n} people {v} {x} near {c}",
    "{x}, which {v} {n} {m}s, {v2} {y}",
    "For {p} it was {x} that {v} {y}",
    "{y} {v} as {x} {v2} {w}",
    "Prices of {m} {v} by {n} percent, {p} said {w}",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SYLLABLES = (
    "ba be bo da de di do fa ga go ha ka ke ko la le lo ma me mi mo na ne no pa po ra re ro sa se so ta te to va"
)
SUBJECT = 45
"""Nouns, adjectives and verbs that an article keeps coming back to."""


@functools.cache
def _words(tag: str) -> tuple[str, ...]:
    """Plain words of a tag from the parser's own list."""
    table = files("demarche.syntax").joinpath("weights/lemmas.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return tuple(sorted(form for form, found, _ in rows if found == tag and form.isalpha() and form.islower()))


def _name(chance: random.Random) -> str:
    """A name that nobody else has."""
    return "".join(chance.choices(SYLLABLES.split(), k=chance.randint(2, 4))).title() + chance.choice("nrslk")


@dataclass(frozen=True, slots=True)
class _Story:
    """Who and what an article is about."""

    states: list[str]
    people: list[str]
    places: list[str]
    nouns: list[str]
    adjectives: list[str]
    verbs: list[str]

    @classmethod
    def of(cls, chance: random.Random) -> _Story:
        return cls(
            states=chance.sample(STATES, chance.randint(2, 4)),
            people=[f"{_name(chance)} {_name(chance)}" for _ in range(chance.randint(2, 5))],
            places=[_name(chance) for _ in range(3)],
            nouns=chance.sample(_words("NN"), SUBJECT),
            adjectives=chance.sample(_words("JJ"), SUBJECT // 2),
            verbs=chance.sample(_words("VBD"), SUBJECT // 2),
        )

    def thing(self, chance: random.Random) -> str:
        """A noun phrase."""
        noun = chance.choice(self.nouns)
        kind = chance.random()
        if kind < 0.35:
            return f"the {chance.choice(self.adjectives)} {noun}"
        if kind < 0.6:
            return f"the {noun}"
        if kind < 0.8:
            return f"the {noun} of {chance.choice(self.places)}"
        return f"the {chance.choice(self.nouns)} {noun}"

    def sentence(self, chance: random.Random) -> str:
        a, b = chance.sample(self.states, 2)
        form = chance.choice(ACTS if chance.random() < 0.3 else FRAMES)
        verbs = chance.sample(self.verbs, 2)
        text = form.format(
            a=a, b=b, p=chance.choice(self.people), c=chance.choice(self.places), n=chance.randint(2, 9_000),
            x=self.thing(chance), y=self.thing(chance), s=chance.choice(self.nouns), m=chance.choice(self.nouns),
            t=chance.choice(self.nouns), v=verbs[0], v2=verbs[1],
            w=chance.choice([f"on {chance.choice(DAYS)}", "", "", f"in {chance.choice(self.places)}"]),
        )  # fmt: skip
        text = " ".join(text.split())
        return text[0].upper() + text[1:] + "."


def _article(chance: random.Random, most: int) -> list[str]:
    """Title and paragraphs of one to three sentences, `most` at most."""
    story = _Story.of(chance)
    left = min(most, max(5, round(chance.lognormvariate(3.0, 0.5))))
    lines = [story.sentence(chance).rstrip(".")]
    while left > 0:
        size = min(left, chance.randint(1, 3))
        lines.append(" ".join(story.sentence(chance) for _ in range(size)))
        left -= size
    return lines


def generate(count: int, *, seed: int = 1, most: int = 60) -> Iterator[dict[str, str]]:
    """Rows for a JSONL file; `copy_of`: id of the article that a row is a copy of, else empty.

    most: sentences of an article at most; below 60 they are no longer as long as news is.
    """
    chance = random.Random(seed)
    recent: list[tuple[str, list[str]]] = []
    for number in range(count):
        source = ""
        if recent and chance.random() < 0.4:
            source, given = chance.choice(recent)
            lines = list(given)
            if chance.random() < 0.5:
                lines = [lines[0], *(line for line in lines[1:] if chance.random() < 0.85), "(Reporting by wire staff)"]
        else:
            lines = _article(chance, most)
            recent = [*recent[-300:], (f"g{number}", lines)]
        yield {
            "id": f"g{number}",
            "url": f"https://news{number % 97}.example/{number}",
            "published": f"2024-03-{1 + number * 28 // count:02d}",  # no copy is older than what it copies
            "text": "\n\n".join(lines),
            "copy_of": source,
        }


def write_corpus(path: Path, count: int, *, seed: int = 1, most: int = 60) -> int:
    """Write the corpus of `generate`; its words, separated by white space."""
    words = 0
    with path.open("w", encoding="utf-8") as file:
        for row in generate(count, seed=seed, most=most):
            file.write(json.dumps(row) + "\n")
            words += len(row["text"].split())
    return words
