"""What the files of this room see of one document: its sentences as indexed trees, with the mentions on their words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from demarche.records import Actor, Article, Linked, Mention, MentionKind, Paragraph, Role, Sentence, Span, Tree

__all__ = ["DocContext", "SentenceView", "read_context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """One sentence, indexed: word numbers are indexes into the tree, 0-based; -1 is the parent of the root.

    lower: lower-cased forms. lemmas: lower-cased lemmas. relations: deprels without subtype. children: in text order.
    actors: word → mentions of actors whose head word it is (a modifier such as *Chinese* has its own word).
    times, places, amounts: word → id, likewise by head word. memo: what was read once about a word, by reader.
    """

    index: int
    sentence: Sentence
    tree: Tree
    role: Role
    lower: tuple[str, ...]
    lemmas: tuple[str, ...]
    relations: tuple[str, ...]
    children: tuple[tuple[int, ...], ...]
    actors: Mapping[int, tuple[Mention, ...]]
    times: Mapping[int, str]
    places: Mapping[int, str]
    amounts: Mapping[int, str]
    memo: dict[tuple[str, int], Any] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.lower)

    def head(self, word: int) -> int:
        """The word's head, -1 for the root."""
        return self.tree.heads[word]

    def upos(self, word: int) -> str:
        return self.tree.upos[word]

    def kids(self, word: int, *relations: str) -> list[int]:
        """Dependents in text order; of the given relations (subtype ignored unless named with `:`)."""
        children = self.children[word]
        if not children:
            return []
        if not relations:
            return list(children)
        names, deprels = self.relations, self.tree.deprels
        return [kid for kid in children if names[kid] in relations or deprels[kid] in relations]

    def kid(self, word: int, *relations: str) -> int | None:
        """The first such dependent, or None."""
        names, deprels = self.relations, self.tree.deprels
        for kid in self.children[word]:
            if names[kid] in relations or deprels[kid] in relations:
                return kid
        return None

    def subtree(self, word: int) -> list[int]:
        """The word and everything below it, in text order."""
        found = [word]
        for member in found:
            found.extend(self.children[member])
        return sorted(found)

    def ancestors(self, word: int) -> Iterator[int]:
        """Heads from the word's own up to the root."""
        at = self.tree.heads[word]
        while at >= 0:
            yield at
            at = self.tree.heads[at]

    def span(self, words: Sequence[int]) -> Span:
        """From the start of the first to the end of the last of `words` (any order, not empty)."""
        return self.tree.starts[min(words)], self.tree.ends[max(words)]

    def pieces(self, words: Sequence[int]) -> tuple[Span, ...]:
        """Spans of runs of neighbouring words, in order."""
        runs: list[list[int]] = []
        for word in sorted(set(words)):
            if runs and runs[-1][-1] == word - 1:
                runs[-1].append(word)
            else:
                runs.append([word])
        return tuple(self.span(run) for run in runs)

    def has_feature(self, word: int, feature: str) -> bool:
        """Whether `Key=Value` stands among the word's features."""
        return feature in self.tree.feats[word].split("|")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocContext:
    """One document as this room sees it. views[i] belongs to sentence i. actors: by id."""

    article: Article
    views: tuple[SentenceView, ...]
    linked: Linked
    actors: Mapping[str, Actor]

    @property
    def text(self) -> str:
        return self.article.document.text


def read_context(article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked) -> DocContext:
    """Index the document: `trees[i]` is the tree of `sentences[i]`, offsets in the document."""
    order = sorted(linked.mentions, key=lambda row: (row.start, row.end))
    starts = [mention.start for mention in order]
    views = []
    for index, (sentence, tree) in enumerate(zip(sentences, trees, strict=True)):
        here = order[bisect_left(starts, sentence.start) : bisect_right(starts, sentence.end - 1)]
        views.append(_view(index, sentence, part_from_report(part_at_semicolons(tree)), article.paragraphs, here))
    return DocContext(
        article=article, views=tuple(views), linked=linked, actors={actor.id: actor for actor in linked.actors}
    )


CLAUSES = frozenset({"ccomp", "advcl", "acl", "parataxis", "xcomp", "dep"})
QUOTES = frozenset('"“”„«»')


def part_at_semicolons(tree: Tree) -> Tree:
    """The tree with every full clause behind a semicolon beside the main clause, not inside what is reported there.

    *Officials said Moscow had asked for aid; the Kremlin denied it*: parsers hang the last clause under *said* or
    *asked* now and then, and the denial would become part of what the officials said. Inside quotation marks the
    reported speech goes on, and the tree stays.
    """
    if ";" not in tree.forms:
        return tree
    heads, deprels = list(tree.heads), list(tree.deprels)
    root = heads.index(-1)
    for place, form in enumerate(tree.forms):
        if form != ";" or sum(other in QUOTES for other in tree.forms[:place]) % 2 or root > place:
            continue
        for word in range(place + 1, len(tree)):
            kin = [kid for kid, head in enumerate(heads) if head == word]
            full = any(deprels[kid].startswith("nsubj") and kid > place for kid in kin)
            marked = any(deprels[kid] == "mark" for kid in kin)
            if full and not marked and deprels[word].split(":", 1)[0] in CLAUSES and 0 <= heads[word] < place:
                heads[word], deprels[word] = root, "parataxis"
    return replace(tree, heads=tuple(heads), deprels=tuple(deprels))


SAYING = frozenset("said says told tells added adds noted announced reported claimed stated insisted".split())


def part_from_report(tree: Tree) -> Tree:
    """The tree with a verb that goes on with the speaker beside the verb of saying.

    *Lima said that Quito had closed the pass, and denounced the step*: behind the comma (or the end of a quotation) the
    speaker acts again, in the tense of *said*; parsers join the verb to *closed*.
    """
    if "conj" not in tree.deprels or not any(form.lower() in SAYING for form in tree.forms):
        return tree
    heads = list(tree.heads)
    for word, relation in enumerate(tree.deprels):
        inner = tree.heads[word]
        if relation != "conj" or tree.upos[word] != "VERB" or inner < 0 or tree.deprels[inner] != "ccomp":
            continue
        report = tree.heads[inner]
        if not 0 <= report < inner < word or tree.forms[report].lower() not in SAYING:
            continue
        kin = [kid for kid, head in enumerate(tree.heads) if head == word]
        joint = next((kid for kid in kin if tree.deprels[kid] == "cc"), 0)
        parted = joint > 1 and (tree.forms[joint - 1] == "," or tree.forms[joint - 1] in QUOTES)
        same = "VerbForm=Fin" in tree.feats[word] and _tense(tree, word) == _tense(tree, report)
        own = any(tree.deprels[kid].startswith(("nsubj", "aux", "mark")) for kid in kin)
        helped = any(h == inner and tree.deprels[k] == "aux" for k, h in enumerate(tree.heads))
        if parted and same and not own and (helped or tree.forms[joint - 1] in QUOTES):
            heads[word] = report
    return replace(tree, heads=tuple(heads)) if heads != list(tree.heads) else tree


def _tense(tree: Tree, word: int) -> str:
    return next((part for part in tree.feats[word].split("|") if part.startswith("Tense=")), "")


def _view(
    index: int, sentence: Sentence, tree: Tree, paragraphs: Sequence[Paragraph], mentions: Sequence[Mention]
) -> SentenceView:
    children: list[list[int]] = [[] for _ in range(len(tree))]
    for word, head in enumerate(tree.heads):
        if head >= 0:
            children[head].append(word)
    placed: dict[MentionKind, dict[int, list[Mention]]] = {kind: {} for kind in MentionKind}
    for mention in mentions:
        at = _head_word(tree, mention)
        if at is not None:
            placed[mention.kind].setdefault(at, []).append(mention)
    return SentenceView(
        index=index,
        sentence=sentence,
        tree=tree,
        role=paragraphs[sentence.paragraph].role if sentence.paragraph < len(paragraphs) else Role.BODY,
        lower=tuple(map(_lower, tree.forms)),
        lemmas=tuple(lemma.lower() for lemma in tree.lemmas),
        relations=tuple(map(_relation, tree.deprels)),
        children=tuple(tuple(kids) for kids in children),
        actors={word: _heads(rows) for word, rows in placed[MentionKind.ACTOR].items()},
        times={word: rows[0].ref for word, rows in placed[MentionKind.TIME].items()},
        places={word: rows[0].ref for word, rows in placed[MentionKind.PLACE].items()},
        amounts={word: rows[0].ref for word, rows in placed[MentionKind.AMOUNT].items()},
    )


def _lower(form: str) -> str:
    return form.lower().replace("’", "'") if "’" in form else form.lower()


@cache
def _relation(deprel: str) -> str:
    """The relation without its subtype."""
    return deprel.split(":", 1)[0]


def _heads(mentions: list[Mention]) -> tuple[Mention, ...]:
    """Head mentions where there are any: a person who speaks for an organisation stands beside it as no head."""
    return tuple(mention for mention in mentions if mention.head) or tuple(mentions)


def _head_word(tree: Tree, mention: Mention) -> int | None:
    """The word of the mention whose head lies outside it; the last such word when several do."""
    first = bisect_right(tree.ends, mention.start)
    last = bisect_left(tree.starts, mention.end) - 1
    inside = range(first, last + 1)
    tops = [word for word in inside if tree.heads[word] not in inside and tree.upos[word] != "PUNCT"]
    return tops[-1] if tops else (last if first <= last < len(tree) else None)
