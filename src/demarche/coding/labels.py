"""Speakers named by a label: *Name: …*, headlines, interview lines, signed quotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.cues import CueTable
from demarche.coding.extents import is_within, phrase_of
from demarche.coding.quotes import QUOTE_MARKS, Quotations
from demarche.coding.voices import AttributionDraft
from demarche.records import Act, Paragraph, Quoted, Role, Span

__all__ = ["LABEL", "Labels"]

LONGEST_HEADLINE = 120
"""Characters of a line without a full stop that is read like a headline, at most."""

TITLES = frozenset("live updates update what how why q&a analysis explainer timeline".split())
LABEL = re.compile(r"\s*[\"“]?([^\s:–—\"“][^:\n\"“.?!]{0,60}?)\s*([:—–])\s+(?=\S)")
TAIL = re.compile(r"([:])\s+([^:\"“”]{2,70})\s*$")
SIGNED = re.compile(r"\s*([\"“][^\n]+[\"”])\s*([―—–]|--?)\s*([A-Z][^\n\"“”]{2,70}?)\s*$")
INNER = re.compile(r"([A-Z][^:\n\"“.?!]{0,50}?)(:)\s+(?=[\"“])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Finds the labels of one document."""

    context: DocContext
    table: CueTable

    def find(self, quotations: Quotations) -> list[AttributionDraft]:
        """*Name: …* — interview answers, headlines, and quotations after a speaker's name."""
        drafts: list[AttributionDraft] = []
        paragraphs: dict[int, list[SentenceView]] = {}
        for view in self.context.views:
            paragraphs.setdefault(view.sentence.paragraph, []).append(view)
        for views in paragraphs.values():
            drafts.extend(self._label(views, quotations))
        return drafts

    def _label(self, views: list[SentenceView], quotations: Quotations) -> list[AttributionDraft]:
        text = self.context.text
        first = views[0]
        paragraph = self.context.article.paragraphs[first.sentence.paragraph]
        start, end = paragraph.start, paragraph.end
        match = LABEL.match(text[start:end])
        if match and match[1].lower().strip() not in self.table.words["questions"]:
            label = (start + match.start(1), start + match.end(1))
            colon = (start + match.start(2), start + match.end(2))
            body = (start + match.end(), end)
            title = self._is_headline(paragraph) and match[2] == ":"
            if self._speaks(views, label, title=title) and (title or self._recurs(text[slice(*label)], match[2])):
                return self._labelled(views, label, colon, body)
        if self._is_headline(paragraph):
            tail = TAIL.search(text[start:end])
            if tail:
                label = (start + tail.start(2), start + tail.end(2))
                if self._speaks(views, label, title=True):
                    colon = (start + tail.start(1), start + tail.end(1))
                    return self._labelled(views, label, colon, (start, colon[0]))
            return []
        if signed := self._signed(views, start, end):
            return signed
        return [draft for view in views for draft in self._inner_label(view)]

    def _is_headline(self, paragraph: Paragraph) -> bool:
        """A title, or a short line without a full stop."""
        if paragraph.role is Role.TITLE:
            return True
        line = self.context.text[paragraph.start : paragraph.end].strip()
        first = paragraph is self.context.article.paragraphs[0] and ". " not in line
        return len(line) < LONGEST_HEADLINE and (first or line[-1:] not in '.?!:;,"”')

    def _signed(self, views: Sequence[SentenceView], start: int, end: int) -> list[AttributionDraft]:
        """*“We have waited long enough.” — Ana Ruiz, teacher*: a quotation signed with a dash."""
        text = self.context.text
        match = SIGNED.match(text[start:end])
        if not match:
            return []
        label = (start + match.start(3), start + match.end(3))
        if not any(view.upos(at) == "PROPN" for view in views for at in range(len(view)) if is_within(view, at, label)):
            return []
        dash = (start + match.start(2), start + match.end(2))
        return self._labelled(views, label, dash, (start + match.start(1), start + match.end(1)))

    def _recurs(self, label: str, sign: str) -> bool:
        """A speaker's label in the body stands there more than once, or names an actor before a quotation."""
        found = re.findall(rf"(?m)^\s*[\"“]?{re.escape(label)}\s*{re.escape(sign)}", self.context.text)
        return len(found) > 1

    def _inner_label(self, view: SentenceView) -> list[AttributionDraft]:
        """*Security ministry: "…"* at the start of a sentence."""
        text = self.context.text[view.sentence.start : view.sentence.end]
        match = INNER.match(text)
        if not match:
            return self._before_colon(view)
        start = view.sentence.start
        label = (start + match.start(1), start + match.end(1))
        if not self._speaks([view], label, title=True):
            return self._before_colon(view)
        colon = (start + match.start(2), start + match.end(2))
        return self._labelled([view], label, colon, (colon[1], view.sentence.end))

    def _before_colon(self, view: SentenceView) -> list[AttributionDraft]:
        """*That did not surprise the pollster Ana Ruiz: "…"*: a person named just before a colon and a quotation."""
        forms = view.tree.forms
        for at in range(2, len(view) - 3):
            if forms[at] != ":" or not forms[at + 1] or forms[at + 1][0] not in QUOTE_MARKS + "`'":
                continue
            name = next((n for n in view.tree.names if n.label == "PER" and n.last == at - 1), None)
            clause = any(view.upos(w) == "VERB" and view.lemmas[w] in self.table.verbs for w in range(at))
            if name is None or clause:
                return []
            head = next((w for w in range(name.first, at) if not name.first <= view.head(w) < at), name.first)
            top = view.head(head)
            if view.relations[head] in ("appos", "flat") and top >= 0:
                head = top
            source = [w for w in phrase_of(view, head, skip_case=True) if w < at] or list(range(name.first, at))
            label = (view.tree.starts[source[0]], view.tree.ends[source[-1]])
            colon = (view.tree.starts[at], view.tree.ends[at])
            return self._labelled([view], label, colon, (colon[1], view.sentence.end))
        return []

    def _speaks(self, views: Sequence[SentenceView], label: Span, *, title: bool) -> bool:
        words = [(view, at) for view in views for at in range(len(view)) if is_within(view, at, label)]
        if not words or len(words) > 12 or any(view.tree.upos[at] == "AUX" for view, at in words):
            return False
        persons = self.table.words["persons"]
        if not title:
            return len(words) <= 4
        inside = {(view.index, at) for view, at in words}
        heads = [(view, at) for view, at in words if (view.index, view.head(at)) not in inside]
        if any(view.tree.upos[at] == "VERB" for view, at in words) or any(
            view.lower[at] in TITLES for view, at in words
        ):
            return False
        named = any(name.label == "PER" and name.first <= at <= name.last for v, at in heads for name in v.tree.names)
        return named or any(view.lower[at] in persons or view.actors.get(at) for view, at in heads)

    def _labelled(self, views: Sequence[SentenceView], label: Span, colon: Span, body: Span) -> list[AttributionDraft]:
        text = self.context.text
        low, high = body
        while low < high and (text[low].isspace() or text[low] in QUOTE_MARKS):
            low += 1
        while high > low and (text[high - 1].isspace() or text[high - 1] in QUOTE_MARKS):
            high -= 1
        if high <= low:
            return []
        words = {v.index: frozenset(at for at in range(len(v)) if is_within(v, at, (low, high))) for v in views}
        holders: dict[str, None] = {}
        for view in views:
            for at in range(len(view)):
                if is_within(view, at, label):
                    holders.update(dict.fromkeys(m.ref for m in view.actors.get(at, ()) if not m.ref.startswith("u:")))
        found = tuple(holders)
        anonymous = {view.lower[at] for view in views for at in range(len(view)) if is_within(view, at, label)}
        return [
            AttributionDraft(
                sentence=next(index for index in words if words[index]) if any(words.values()) else views[0].index,
                cue_at=None,
                words=words,
                source=(label,),
                cue=(colon,),
                content=((low, high),),
                holder=found[0] if found else None,
                holders=found,
                anonymous=bool(anonymous & self.table.words["anonymous"]) and not found,
                act=Act.STATE,
                effect="assert",
                quoted=Quoted.DIRECT,
            )
        ]
