"""Shapes of content that a cue takes: clause, infinitive, gerund, *as* and a predicate, a thing, a quotation."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.coding.clauses import (
    QUESTIONS,
    is_after_colon,
    is_clause,
    is_finite,
    is_gerund,
    is_infinitive,
    is_inserted,
    is_marked,
    is_question,
    only_reports,
    starts_sentence,
    without_subtree,
)
from demarche.coding.context import SentenceView
from demarche.coding.cues import CueClass, CueTable
from demarche.coding.extents import quoted_words
from demarche.coding.predicates import case_of, coordinated, is_passive

__all__ = ["VERBAL", "Frames"]

VERBAL = frozenset({"VERB", "AUX"})
CONTROL_OBLIQUES = frozenset({"on", "upon", "to", "for", "with"})
ASKING = frozenset({"urge", "call", "demand", "ask"})
PLAIN_AS = frozenset("call label brand dub term".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Reads the content of a cue by the frames of its class."""

    table: CueTable

    def content(self, view: SentenceView, word: int, kind: CueClass) -> tuple[list[int], list[int]]:
        """Words of the content by the first frame that fits, and words that belong to the cue."""
        for name, frame in FRAMES:
            if name not in kind.frames:
                continue
            content = self._frame_thing(view, word, kind) if name == "thing" else frame(self, view, word)
            if content:
                more = [
                    case
                    for kid in view.kids(word, "obl")
                    if kid in content
                    and (name == "thing" or (name == "objinf" and case_of(view, kid) in ("on", "upon")))
                    for case in view.kids(kid, "case")
                ]
                return [at for at in content if at not in more], more
        return [], []

    def _frame_scene(self, view: SentenceView, word: int) -> list[int]:
        """*The video shows a ship firing at a boat*: an object that does something."""
        for thing in view.kids(word, "obj"):
            if thing > word and any(is_gerund(view, kid) for kid in view.kids(thing, "acl")):
                return view.subtree(thing)
        for kid in view.kids(word, "xcomp", "ccomp", "advcl", "obj"):
            if kid > word and is_gerund(view, kid) and (own := view.kids(kid, "nsubj") or view.kids(word, "obj")):
                return sorted({at for part in (own[0], kid) for at in view.subtree(part)})
        return []

    def _frame_thing(self, view: SentenceView, word: int, kind: CueClass) -> list[int]:
        """The direct object, or the noun behind a preposition of the class."""
        if kind.prepositions:
            things = [kid for kid in view.kids(word, "obl") if case_of(view, kid) in kind.prepositions and kid > word]
        else:
            things = [kid for kid in view.kids(word, "obj") if kid > word]
        things = [kid for kid in things if view.upos(kid) in ("NOUN", "PROPN", "PRON") and kid not in view.times]
        return view.subtree(things[0]) if things else []

    def _frame_clause(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "ccomp", "csubj") if not is_question(view, kid)]
        clauses = [kid for kid in clauses if is_clause(view, kid)]
        if view.relations[word] == "parataxis" and not clauses and only_reports(view, word):
            return without_subtree(view, view.subtree(view.head(word)), word)
        if view.relations[word] == "advcl" and not clauses and is_marked(view, word, "as") and view.kids(word, "nsubj"):
            return without_subtree(view, view.subtree(view.head(word)), word)
        if not clauses and (told := self._told_of(view, word)):
            return told
        if clauses and view.relations[word] == "parataxis" and view.kids(word, "nsubj") and min(clauses) > word:
            head = view.head(word)
            split = word and view.lower[word - 1] != ":" and head < word and not starts_sentence(view, word)
            split = split and view.lemmas[head] not in self.table.verbs  # a report beside another report
            if split and any(view.lower[at] == "," for at in range(max(0, word - 6), word)) and is_inserted(view, word):
                return without_subtree(view, view.subtree(head), word) + view.subtree(clauses[0])
        if clauses:
            apart = {at for kid in clauses for at in self._second_report(view, word, kid)}
            return sorted({at for kid in clauses for at in view.subtree(kid)} - apart)
        after = [kid for kid in view.kids(word, "parataxis", "dep", "obj") if is_after_colon(view, word, kid)]
        if after:
            return view.subtree(after[0])
        loose = [
            kid
            for kid in view.kids(word, "advcl", "xcomp")
            if is_finite(view, kid) and not view.kids(kid, "mark", "advmod") and view.kids(kid, "nsubj")
        ]
        return view.subtree(loose[0]) if loose else self._frame_quote(view, word)

    def _told_of(self, view: SentenceView, word: int) -> list[int]:
        """*a move Moscow said would be met with force*: what the noun that the report hangs on does or suffers."""
        thing = view.head(word)
        if view.tree.deprels[word] != "acl:relcl" or not view.kids(word, "nsubj") or view.kids(word, "xcomp", "obj"):
            return []
        act = view.head(thing)
        subject = view.tree.deprels[thing] in ("nsubj", "nsubj:pass") and thing < word < act
        return without_subtree(view, view.subtree(act), thing) if subject and is_finite(view, act) else []

    def _second_report(self, view: SentenceView, cue: int, clause: int) -> list[int]:
        """*says it is late and says that …*: words of a second report of the same speaker, hung on the first one's."""
        if view.upos(clause) in VERBAL and view.lemmas[clause] in self.table.verbs:
            return []
        own = [view.lower[kid] for kid in view.kids(clause, "nsubj")]
        pronoun = bool(own) and own[0] in ("it", "he", "she", "they")
        apart = bool(view.kids(clause, "aux")) or not own
        for kid in view.kids(clause, "conj"):
            if view.kids(kid, "nsubj", "nsubj:pass", "aux") or view.upos(kid) not in VERBAL:
                continue
            alike = view.tree.feats[kid] == view.tree.feats[cue] or bool(view.kids(kid, "ccomp"))
            if not alike or view.lemmas[kid] not in self.table.verbs:
                continue
            again = view.lemmas[kid] == view.lemmas[cue] and view.kids(kid, "ccomp")
            reports = view.kids(kid, "ccomp") and (apart or pronoun)
            if again or reports or (pronoun and view.lemmas[kid] in ASKING):
                return view.subtree(kid)
        return []

    def _frame_quote(self, view: SentenceView, word: int) -> list[int]:
        """Quoted words beside the cue in its own sentence, when no clause hangs on it."""
        spans = quoted_words(view)
        if not spans or any(low <= word <= high for low, high in spans):
            return []
        if not view.kids(word, "nsubj", "nsubj:pass"):
            return []
        things = set(view.kids(word, "obj", "obl", "xcomp", "parataxis", "ccomp", "dep"))
        for low, high in spans:
            if high - low >= 5 and (low < word or any(low <= at <= high for at in things)):
                return [at for at in range(low, high + 1) if at not in view.subtree(word) or low > word or high < word]
        return []

    def _frame_inf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "xcomp", "ccomp", "advcl") if is_infinitive(view, kid) and kid > word]
        return view.subtree(clauses[0]) if clauses and not is_passive(view, word) else []

    def _frame_objinf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "xcomp", "ccomp", "advcl") if is_infinitive(view, kid) and kid > word]
        things = [kid for kid in view.kids(word, "obj", "iobj") if kid > word]
        parts = {view.lower[kid] for kid in view.kids(word, "compound:prt")}  # *called on Lima*: *on* as a particle
        oblique = [(kid, case_of(view, kid)) for kid in view.kids(word, "obl") if kid > word]
        things += [kid for kid, case in oblique if case in CONTROL_OBLIQUES or (not case and parts & CONTROL_OBLIQUES)]
        for thing in things:
            clauses += [kid for kid in view.kids(thing, "acl") if is_infinitive(view, kid)]
        if not clauses:
            return []
        if is_passive(view, word):
            return view.subtree(clauses[0])
        before = [thing for thing in things if thing < clauses[0]]
        if not before and not view.kids(clauses[0], "nsubj"):
            return []
        return sorted({at for kid in (*before, clauses[0]) for at in view.subtree(kid)})

    def _frame_ger(self, view: SentenceView, word: int) -> list[int]:
        for kid in view.kids(word, "xcomp", "ccomp", "advcl", "obj"):
            if kid > word and view.upos(kid) in VERBAL and is_gerund(view, kid) and not view.kids(kid, "mark"):
                return view.subtree(kid)
        return []

    def _frame_withger(self, view: SentenceView, word: int) -> list[int]:
        return []

    def _frame_of(self, view: SentenceView, word: int) -> list[int]:
        things = list(view.kids(word, "obj", "nsubj:pass"))
        for kid in (*view.kids(word, "advcl", "xcomp", "obl"), *(k for t in things for k in view.kids(t, "acl"))):
            marks = {view.lower[at] for at in view.kids(kid, "mark", "case")}
            if marks & {"of", "for"} and is_gerund(view, kid):
                before = [at for t in things if t > word for at in view.subtree(t)]
                return sorted({*before, *view.subtree(kid)})
        return []

    def _frame_as(self, view: SentenceView, word: int) -> list[int]:
        things = view.kids(word, "obj")
        lemma = view.lemmas[word]
        if lemma == "refer":
            things = [kid for kid in view.kids(word, "obl") if kid > word and case_of(view, kid) == "to"]
        plain = lemma in PLAIN_AS
        for kid in (*view.kids(word, "xcomp", "obl", "advcl"), *(k for t in things for k in view.kids(t, "nmod"))):
            marks = {view.lower[at] for at in view.kids(kid, "case", "mark", "advmod")}
            if "as" in marks or (plain and view.relations[kid] == "xcomp" and not is_infinitive(view, kid)):
                before = [at for t in things for at in view.subtree(t)]
                if before or is_passive(view, word):
                    return sorted({*before, *view.subtree(kid)})
        for kid in view.kids(word, "xcomp"):
            if plain and not things and kid > word and not is_infinitive(view, kid):
                return view.subtree(kid)
        if plain and (fit := view.kids(word, "ccomp")) and not view.kids(fit[0], "mark") and fit[0] > word:
            return view.subtree(fit[0])
        return []

    def _frame_noun(self, view: SentenceView, word: int) -> list[int]:
        things = [kid for kid in view.kids(word, "obj") if kid > word]
        return sorted({at for kid in things for at in view.subtree(kid)})

    def _frame_claimnoun(self, view: SentenceView, word: int) -> list[int]:
        words = self.table.words["claimnouns"]
        for kid in view.kids(word, "obj"):
            if any(view.lower[member] in words for member in coordinated(view, kid)):
                return view.subtree(kid)
        return []

    def _frame_whether(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "ccomp", "advcl") if kid > word and is_question(view, kid)]
        free = [kid for kid in view.kids(word, "obj", "advmod") if kid > word and view.lower[kid] in QUESTIONS]
        clauses += [kid for kid in free if any("relcl" in view.tree.deprels[k] for k in view.children[kid])]
        return view.subtree(clauses[0]) if clauses else []

    def _frame_passinf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "xcomp") if is_infinitive(view, kid)]
        return view.subtree(clauses[0]) if clauses and is_passive(view, word) else []


FRAMES = (
    ("objinf", Frames._frame_objinf),
    ("clause", Frames._frame_clause),
    ("passinf", Frames._frame_passinf),
    ("inf", Frames._frame_inf),
    ("of", Frames._frame_of),
    ("as", Frames._frame_as),
    ("ger", Frames._frame_ger),
    ("whether", Frames._frame_whether),
    ("claimnoun", Frames._frame_claimnoun),
    ("noun", Frames._frame_noun),
    ("scene", Frames._frame_scene),
    ("thing", Frames._frame_noun),  # with the prepositions of its class: see _frame_thing
)
"""Frames in the order they are tried."""
