"""How coded documents look in a terminal: shared by `show`, `explain` and `demo`."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from demarche.records import Actor, Assertion, Attribution, CodedDocument, Sentence, Standing
from demarche.resources import read_toml

if TYPE_CHECKING:
    from demarche.records import Span

__all__ = ["actor_name", "article_text", "assertion_head", "attribution_chain", "counted", "marked", "names",
           "sentence_words", "words_for"]  # fmt: skip

STYLES = {"actor": "cyan", "place": "blue", "time": "magenta", "amount": "yellow"}
CUE = "italic yellow"


@functools.cache
def words_for(vocabulary: str) -> dict[str, str]:
    """Plain words (or colours) for the values of a closed vocabulary."""
    found: dict[str, str] = read_toml("cli/words.toml")[vocabulary]
    return found


def actor_name(actor: Actor) -> str:
    """*China*, *Wang Yi (CHN)*."""
    if actor.country and actor.kind != "state":
        return f"{actor.name} ({actor.country})"
    return actor.name


def names(coded: CodedDocument, ids: Iterable[str]) -> str:
    """Names of actors, joined by commas; an id stands for itself where its actor is missing."""
    by_id = {actor.id: actor for actor in coded.actors}
    return ", ".join(actor_name(by_id[i]) if i in by_id else i for i in ids)


def assertion_head(coded: CodedDocument, row: Assertion) -> Text:
    """Who → whom: what, how it stands, on whose word; one line."""
    head = Text()
    head.append(names(coded, row.sources) or "somebody", style="bold cyan")
    if row.targets:
        head.append(" → ")
        head.append(names(coded, row.targets), style="bold cyan")
    head.append("  ")
    style = words_for("quad")[row.quad] if row.quad else "bold"
    if row.type:
        head.append(row.type, style=style)
        head.append(f" {words_for('type')[row.type]}" + (f", {row.mode}" if row.mode else ""))
    else:
        head.append(row.predicate, style=style)
    head.append("  ")
    head.append(words_for("status")[row.status], style="bold")
    if row.polarity == "negative" and row.status not in {"negated", "denied"}:
        head.append(" not to happen", style="bold")
    head.append(f"  {word_of(coded, row)}", style="dim")
    return head


def word_of(coded: CodedDocument, row: Assertion) -> str:
    """On whose word: *in the article's own words*, *according to A, who cites B*."""
    if row.holders:
        chain = [names(coded, [holder]) for holder in row.holders]
        said = f"according to {chain[0]}" + "".join(f", who cites {name}" for name in chain[1:])
    elif row.attribution and row.standing is Standing.ATTRIBUTED:
        said = "according to an unnamed source"
    else:
        said = "in the article's own words"
    return f"disputed; {said}" if row.standing is Standing.DISPUTED else said


def sentence_of(coded: CodedDocument, identifier: str) -> Sentence | None:
    """The sentence with this id."""
    return next((s for s in coded.sentences if s.id == identifier), None)


def marked(coded: CodedDocument, start: int, end: int, spans: Sequence[tuple[Span, str]] = ()) -> Text:
    """A stretch of the text with its mentions coloured and `spans` styled over them."""
    text = Text(coded.document.text[start:end])
    layers = [((m.start, m.end), STYLES[m.kind]) for m in coded.mentions]
    for (s, e), style in (*layers, *spans):
        if s < end and e > start:
            text.stylize(style, max(0, s - start), min(end, e) - start)
    return text


def sentence_words(coded: CodedDocument, *rows: Assertion) -> Text:
    """The sentence of these assertions with their triggers marked, on one line."""
    sentence = sentence_of(coded, rows[0].sentence)
    if sentence is None:
        return Text("(sentence missing)", style="red")
    spans = [(span, _trigger_style(row)) for row in rows for span in row.spans]
    text = marked(coded, sentence.start, sentence.end, spans)
    return Text(" ").join(text.split()) if "\n" in text.plain else text


def _trigger_style(row: Assertion) -> str:
    return f"underline {words_for('quad')[row.quad]}" if row.quad else "underline bold"


def article_text(coded: CodedDocument) -> Iterator[Text]:
    """The article, paragraph by paragraph; what is furniture of the page is dim and named."""
    spans = [(span, CUE) for a in coded.attributions for span in a.cue]
    spans += [(span, _trigger_style(row)) for row in coded.assertions if row.type for span in row.spans]
    for paragraph in coded.paragraphs:
        text = marked(coded, paragraph.start, paragraph.end, spans)
        if paragraph.role == "title":
            text.stylize("bold")
        elif paragraph.role not in {"body", "standfirst", "quote", "dateline"}:
            text = Text.assemble((f"[{paragraph.role}] ", "dim"), text)
            text.stylize("dim")
        yield text


def attribution_chain(coded: CodedDocument, identifier: str | None) -> Iterator[Text]:
    """From the nearest attribution outwards: source, cue, act, content."""
    by_id = {a.id: a for a in coded.attributions}
    seen: set[str] = set()
    while identifier in by_id and identifier not in seen:
        seen.add(identifier)
        row = by_id[identifier]
        yield attribution_line(coded, row)
        identifier = row.parent


def attribution_line(coded: CodedDocument, row: Attribution) -> Text:
    """*the Kremlin* [Russia] · *denied* (deny, indirect): “…”."""
    words = coded.document.text

    def joined(spans: Sequence[Span]) -> str:
        return " … ".join(" ".join(words[s:e].split()) for s, e in spans)

    line = Text()
    line.append(joined(row.source) or "(no words)", style="cyan")
    holder = names(coded, [row.holder]) if row.holder else "unnamed"
    line.append(f" [{holder}] ", style="dim")
    line.append(joined(row.cue), style=CUE)
    line.append(f" ({row.act}, {row.quoted}{', anonymous' if row.anonymous else ''}): ", style="dim")
    line.append(f"“{joined(row.content)}”")
    return line


def counted(number: int, noun: str) -> str:
    """*1 event*, *2 events*, *1,204 events*."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
