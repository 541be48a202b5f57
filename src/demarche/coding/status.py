"""How an act stands: an algebra of operators composed along the path from the act up to its nearest holder.

A `Value` is a polarity and a set of modes; operators only add modes and turn the polarity, so the order in which
equal operators stand does not matter and a second negation undoes the first. The status is read off the value once,
in CODEBOOK's order of decision. docs/status.md writes the lattice and every operator down; the tables are
`resources/lexicons/status.toml` and `signatures.tsv` (verb and frame to veridicality, from MegaVeridicality 2: White
and Rawlins 2018). Linear in the depth of the word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from demarche.coding.context import SentenceView
from demarche.coding.predicates import SUPPORT, is_passive
from demarche.records import Certainty, Polarity, Status
from demarche.resources import read_text, read_toml

__all__ = [
    "StatusReading",
    "StatusTable",
    "Step",
    "Value",
    "apply",
    "is_as_long_as",
    "load_status_table",
    "read_status",
]

ORDER = (
    Status.DENIED, Status.NEGATED, Status.THREATENED, Status.PROMISED, Status.REQUESTED, Status.CONDITIONAL,
    Status.PREDICTED, Status.PLANNED, Status.POSSIBLE,
)  # fmt: skip
"""CODEBOOK's order of decision."""

OPERATORS = (
    "negate",
    "exclude",
    "deny",
    "request",
    "promise",
    "threaten",
    "plan",
    "predict",
    "improbable",
    "possible",
    "tried",
    "keep",
)
MODES = {
    "deny": Status.DENIED, "request": Status.REQUESTED, "promise": Status.PROMISED, "threaten": Status.THREATENED,
    "plan": Status.PLANNED, "predict": Status.PREDICTED, "possible": Status.POSSIBLE, "suppose": Status.CONDITIONAL,
}  # fmt: skip
CLAUSAL = frozenset({"xcomp", "ccomp", "acl", "advcl", "csubj"})
NOMINAL = frozenset({"obj", "obl", "nmod"})
COPULAS = frozenset({"is", "are", "was", "were", "'s"})
REACH = 24
"""Words between an act and the word that calls the claim of it false, at most."""

PAST_SETTING = frozenset({"during", "after", "since", "following", "despite"})
"""Prepositions of an event noun that give only the setting of what is asked, promised or denied."""

ASIDE = frozenset({"acl:relcl", "appos", "parataxis"})
DEFINITE = frozenset("the this that these those".split())
SETTING = frozenset("at in during after before by since between amid despite".split())
TOP = 40
"""Words climbed at most: deeper trees are cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """negative: turned an odd number of times. modes: what was added. supposed: inside an *if* clause."""

    negative: bool = False
    modes: frozenset[Status] = frozenset()
    probable: bool = False
    hearsay: bool = False
    supposed: bool = False

    def status(self) -> Status:
        """The first status of CODEBOOK's order."""
        if Status.DENIED in self.modes:
            return Status.DENIED
        if self.supposed:
            return Status.CONDITIONAL
        if self.negative and not self.modes & {Status.PREDICTED, Status.CONDITIONAL}:
            return Status.NEGATED
        return next((status for status in ORDER if status in self.modes), Status.ACTUAL)

    def certainty(self) -> Certainty:
        if self.hearsay:
            return Certainty.UNSTATED
        if Status.POSSIBLE in self.modes or self.supposed:
            return Certainty.POSSIBLE
        return Certainty.PROBABLE if self.probable or Status.PREDICTED in self.modes else Certainty.CERTAIN


def apply(operator: str, value: Value) -> Value:
    """The value under one operator: `not`, a name of `OPERATORS`, `suppose`, `if`, `probable`, `hearsay`, `tried`.

    `not` over *possible* or *exclude* is handled where they meet (`not` turns `exclude` into `possible`).
    """
    if operator in ("not", "negate", "counterfactual"):
        return replace(value, negative=not value.negative)
    if operator == "exclude":
        return replace(value, negative=not value.negative)
    if operator == "not exclude":
        return replace(value, modes=value.modes | {Status.POSSIBLE})
    if operator == "improbable":
        return replace(value, negative=not value.negative, modes=value.modes | {Status.PREDICTED})
    if operator == "if":
        return replace(value, supposed=True)
    if operator == "probable":
        return replace(value, probable=True)
    if operator == "hearsay":
        return replace(value, hearsay=True)
    if operator == "tried":
        return replace(value, modes=value.modes | {Status.POSSIBLE}, hearsay=True)
    if operator in MODES:
        return replace(value, modes=value.modes | {MODES[operator]})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operator on the path: the word that brought it and the status before and after."""

    word: int
    operator: str
    before: Status
    after: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """condition: head word of the clause the act depends on, None without one. steps: innermost first."""

    status: Status
    polarity: Polarity
    certainty: Certainty
    condition: int | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTable:
    """verbs, nouns, adjectives: lemma → operator. particles: operator → its particle. signatures: (verb, frame)."""

    verbs: Mapping[str, str]
    nouns: Mapping[str, str]
    adjectives: Mapping[str, str]
    particles: Mapping[str, str]
    signatures: Mapping[tuple[str, str], str]
    words: Mapping[str, frozenset[str]]


def load_status_table() -> StatusTable:
    """The tables of the package.

    Raises:
        ResourceError: E201, E202.
    """
    data = read_toml("lexicons/status.toml")
    kinds: dict[str, dict[str, str]] = {"verbs": {}, "nouns": {}, "adjectives": {}}
    for operator in OPERATORS:
        for kind, found in kinds.items():
            found.update(dict.fromkeys(data.get(operator, {}).get(kind, "").split(), operator))
    rows = (line.split("\t") for line in read_text("lexicons/signatures.tsv").splitlines()[1:])
    return StatusTable(
        verbs=kinds["verbs"],
        nouns=kinds["nouns"],
        adjectives=kinds["adjectives"],
        particles={name: row["particles"] for name, row in data.items() if "particles" in row},
        signatures={(verb, frame): sign for verb, frame, sign in rows},
        words={name: frozenset(words.split()) for name, words in data["words"].items()},
    )


def is_as_long_as(view: SentenceView, word: int) -> bool:
    """Whether a clause stands under *as long as*, *so long as*."""
    head = view.head(word)
    return head >= 0 and view.lower[head] == "long" and any(view.lower[kid] == "as" for kid in view.kids(word, "mark"))


def read_status(
    view: SentenceView,
    word: int,
    table: StatusTable,
    *,
    own_will: Callable[[int], bool] = lambda _: True,
    given: str | None = None,
    stop: int = -1,
    told: bool = False,
    performed: bool = False,
) -> StatusReading:
    """The status of the act at `word`, in the eyes of its nearest holder.

    Args:
        own_will: whether the clause at a word is told by its own doer or the article (then *will* is a plan, else a
            forecast).
        given: an operator that the act's speech act brings (`request`, `promise` …), applied at `stop`.
        stop: word of that speech act; the path ends below it.
        told: whether somebody reports it (*would* is then a *will* of the past, else it hangs on a condition).
        performed: the act is done by these very words (*we will not accept*): its own modals do not count.
    """
    return Climb(view=view, table=table, own_will=own_will, given=given, stop=stop, told=told).run(word, performed)


@dataclass(slots=True, kw_only=True)
class Climb:
    """One walk from an act to the root."""

    view: SentenceView
    table: StatusTable
    own_will: Callable[[int], bool]
    given: str | None
    stop: int
    told: bool
    value: Value = Value()
    condition: int | None = None
    steps: list[Step] | None = None
    below: int = -1

    def run(self, word: int, performed: bool) -> StatusReading:
        self.steps = []
        at, shared = word, not performed
        for _ in range(TOP):
            if shared:
                self._own(at)
            self.below = at
            above = self.view.head(at)
            if above < 0 or above == self.stop:
                break
            relation, deprel = self.view.relations[at], self.view.tree.deprels[at]
            if deprel in ASIDE or not self._crosses(at, above, relation, deprel):
                break
            shared = relation != "conj"
            if relation == "conj":
                self._from_first(at, above)
            at = above
        if (false := self._called_false(word)) is not None:
            self._take(false, "deny")
        if self.given is not None and not self._beside(word) and not self._is_refused_speech(word):
            self._take(self.stop, "not exclude" if self._is_left_open() else self.given)
            above = self.view.head(self.stop)
            if self.view.upos(self.stop) == "NOUN" and above >= 0 and self._operator(above) in ("negate", "exclude"):
                self._take(above, "negate")
        status = self.value.status()
        negative = self.value.negative or status in (Status.NEGATED, Status.DENIED)
        return StatusReading(
            status=status,
            polarity=Polarity.NEGATIVE if negative else Polarity.POSITIVE,
            certainty=self.value.certainty(),
            condition=self.condition,
            steps=tuple(self.steps),
        )

    def _is_refused_speech(self, word: int) -> bool:
        """*refused a demand*, *agreed to a demand*: the demand was made."""
        if self.view.upos(word) != "NOUN" or self.view.lemmas[word] not in self.table.nouns:
            return False
        asked = self.table.nouns[self.view.lemmas[word]] == "request"
        return self.given == "negate" or (self.given == "promise" and asked)

    def _is_left_open(self) -> bool:
        """*did not rule out*, *refused to rule out*: the content stays possible."""
        if self.given != "negate" or self._operator(self.stop) != "exclude":
            return False
        above = self.view.head(self.stop)
        refused = above >= 0 and self.view.relations[self.stop] == "xcomp" and self._operator(above) == "negate"
        return refused or self._excludes(self.stop) == "not exclude"

    def _beside(self, word: int) -> bool:
        """An event noun that gives only the setting of the speech act (*agreed at talks in Rome*)."""
        cases = {self.view.lower[kid] for kid in self.view.kids(word, "case")}
        return self.view.relations[word] in ("obl", "nmod") and bool(cases & SETTING)

    def _take(self, word: int, operator: str) -> None:
        before = self.value.status()
        self.value = apply(operator, self.value)
        if self.steps is not None:
            self.steps.append(Step(word=word, operator=operator, before=before, after=self.value.status()))

    # --- operators on the clause itself ----------------------------------------------------------------------------

    def _own(self, at: int) -> None:
        view, words = self.view, self.table.words
        for kid in view.children[at]:
            form, relation = view.lower[kid], view.relations[kid]
            if form in words["negations"] and self._is_only(kid):
                continue
            if form == "no" and view.lemmas[at] in words["evidence"] and relation == "det":
                self._take(kid, "possible")  # no evidence that it happened is no evidence that it did not
                continue
            if kid == self.below and relation != "aux":
                continue  # a noun that brought its own *no* on the way up
            if (
                (form in words["negations"] and relation in ("advmod", "det", "aux", "nsubj", "mark", "obj"))
                or (
                    relation == "nsubj"
                    and any(view.lower[k] in ("no", "few", "neither") for k in view.kids(kid, "det", "amod"))
                )
                or (relation == "obj" and any(view.lower[k] == "no" for k in view.kids(kid, "det")))
            ):
                self._take(kid, "not")
            elif relation == "aux":
                self._modal(at, kid, form)
            elif (relation == "cop" and any(kid < to for to in self._to(at))) or (relation == "mark" and form == "due"):
                self._arranged(at, kid)
            elif relation == "advmod" and (below := [k for k in view.kids(kid, "advcl") if is_as_long_as(view, k)]):
                self._suppose(at, below[0])
            elif relation == "advmod":
                self._adverb(kid, form)
            elif relation == "amod":
                self._adjective(kid, form)
            elif relation == "mark" and self._sets_condition(at, form) and view.relations[at] == "advcl":
                if not self._is_unfulfilled(at):
                    self._take(kid, "if")
                elif form != "unless":
                    self._take(kid, "counterfactual")
            elif relation == "advcl":
                self._condition(at, kid)

    def _arranged(self, at: int, kid: int) -> None:
        """*is to meet*, *is due to meet*; *is likely to meet* where the parser hung *likely* elsewhere."""
        between = range(kid + 1, min(self._to(at), default=kid))
        known = next((w for w in between if self.view.lower[w] in self.table.adjectives), None)
        self._take(*((kid, "plan") if known is None else (known, self.table.adjectives[self.view.lower[known]])))

    def _is_only(self, kid: int) -> bool:
        """*not only*, *not just because*: nothing is negated."""
        after = self.view.lower[kid + 1 : kid + 2]
        return bool(after) and after[0] in self.table.words["only"]

    def _modal(self, at: int, kid: int, form: str) -> None:
        words = self.table.words
        if (form in words["would"] and self._is_perfect(at, kid) and self.given is None) or (
            form == "had" and self._inverted(at, kid)
        ):
            self._take(kid, "counterfactual")
        elif form in words["would"] and not self.told and self.view.relations[at] != "ccomp" and self.given is None:
            self._take(kid, "suppose")
        elif form in words["future"] | words["would"]:
            self._take(kid, "plan" if self.own_will(at) else "predict")
        elif form == "should" and self._inverted(at, kid):
            self._take(kid, "if")
        elif self.view.lemmas[kid] == "be" and any(kid < to for to in self._to(at)):
            self._take(kid, "plan")
        elif form in words["maybe"]:
            self._take(kid, "possible")
        elif form in words["ought"]:
            self._take(kid, "request")

    def _is_perfect(self, at: int, modal: int) -> bool:
        """*would have struck*: it did not."""
        return any(modal < kid < at and self.view.lower[kid] == "have" for kid in self.view.kids(at, "aux"))

    def _sets_condition(self, at: int, form: str) -> bool:
        return form in self.table.words["if"] or is_as_long_as(self.view, at)

    def _is_unfulfilled(self, at: int) -> bool:
        """*If Quito had not acted, Lima would have …*: a condition that did not hold, told from its end."""
        view, main = self.view, self.view.head(at)
        past = any(view.lower[kid] in ("had", "'d", "’d") for kid in view.kids(at, "aux"))
        return past and any(
            view.lower[kid] in ("would", "could", "might") and self._is_perfect(main, kid)
            for kid in view.kids(main, "aux")
        )

    def _inverted(self, at: int, kid: int) -> bool:
        """*Should Mexico agree …*, *Had Mexico agreed …*: the auxiliary before its subject."""
        subjects = self.view.kids(at, "nsubj", "nsubj:pass")
        return self.view.relations[at] == "advcl" and bool(subjects) and kid < subjects[0]

    def _adverb(self, kid: int, form: str) -> None:
        words = self.table.words
        if form in words["perhaps"]:
            self._take(kid, "possible")
        elif form in words["probable"]:
            self._take(kid, "probable")
        elif form in words["hearsay"]:
            self._take(kid, "hearsay")

    def _adjective(self, kid: int, form: str) -> None:
        if form in self.table.words["alleged"]:
            self._take(kid, "hearsay")
        elif self.table.adjectives.get(form) in ("plan", "possible", "tried"):
            self._take(kid, self.table.adjectives[form])

    def _condition(self, at: int, kid: int) -> None:
        """A clause with *if* beside a verb that says what would follow."""
        view, words = self.view, self.table.words
        marks = {view.lower[mark] for mark in view.kids(kid, "mark")}
        if not marks & words["if"]:
            return
        if self._is_unfulfilled(kid):
            self.condition = kid
        else:
            self._suppose(at, kid)

    def _suppose(self, at: int, kid: int) -> None:
        view, words = self.view, self.table.words
        self.condition = kid
        ahead = {view.lower[aux] for aux in view.kids(at, "aux")}
        if ahead & (words["future"] | words["would"] | words["maybe"]) or view.relations[at] == "xcomp":
            self._take(kid, "suppose")

    # --- operators above ---------------------------------------------------------------------------------------------

    def _crosses(self, at: int, above: int, relation: str, deprel: str) -> bool:
        """Apply what the word above does; whether the walk goes on."""
        view = self.view
        if relation in ("obl", "nmod") and {view.lower[kid] for kid in view.kids(at, "case")} & PAST_SETTING:
            return False
        if relation in ("nsubj", "csubj"):
            operator = self._operator(above)
            scheduled = deprel == "nsubj:pass" or operator in ("plan", "predict", "improbable", "possible", "tried")
            if scheduled and operator not in (None, "keep"):
                self._take(above, operator or "")
                self._negated_above(above)
            return False
        if relation == "acl" and deprel == "acl" and "VerbForm=Part" in view.tree.feats[at] and is_passive(view, at):
            return False
        if self._is_given(at, above, relation):
            return False
        if relation == "advcl" and not self._infinitive(at) and not self._is_complement(at, above):
            return False
        if relation in ("obl", "nmod") and self._operator(above) not in (
            "request",
            "plan",
            "possible",
            "tried",
            "threaten",
        ):
            return relation == "nmod" and view.upos(above) == "NOUN"
        if relation not in CLAUSAL | NOMINAL | {"conj"}:
            return False
        if relation == "conj":
            return True
        return self._governor(at, above, relation)

    def _called_false(self, word: int) -> int | None:
        """*Allegations that Lima closed the border are baseless*: the word that denies it, by the order of the words
        (parsers hang such a clause anywhere)."""
        lower, words = self.view.lower, self.table.words
        claimed = any(lower[at] in words["claims"] and lower[at + 1] in ("that", "of") for at in range(word - 1))
        if not claimed:
            return None
        for at in range(word + 2, min(len(lower), word + REACH)):
            if lower[at] in words["false"] and set(lower[max(word + 1, at - 4) : at]) & COPULAS:
                return at
        return None

    def _is_complement(self, at: int, above: int) -> bool:
        """An adverbial clause that is one by its tag only: *ruled out closing*, *certain that …*, *accused of …*."""
        view = self.view
        marks = {view.lower[kid] for kid in view.kids(at, "mark")}
        if marks & {"of", "from"} or (view.upos(above) == "ADJ" and not marks - {"that"}):
            return True
        gerund = not marks and at > above and view.lower[at].endswith("ing") and view.lower[at - 1] != ","
        return gerund and self._operator(above) is not None and not view.kids(above, "obj", "ccomp", "xcomp")

    def _governor(self, at: int, above: int, relation: str) -> bool:
        view = self.view
        if (operator := self._excludes(above)) is not None:
            self._take(above, operator)
            return False
        operator = self._operator(above) or ""
        if relation in NOMINAL and view.lemmas[above] in self.table.words["clausal"]:
            operator = ""  # *undertook a mission* did it; *undertook to go* promised it
        if operator in ("negate", "deny") and relation == "advcl" and self._infinitive(at) and view.kids(above, "obj"):
            return False  # *blocked the road to demand …*: what for
        if operator in ("negate", "deny") and relation in NOMINAL and view.lemmas[at] in self.table.nouns:
            return False
        if operator and not (operator == "negate" and relation in NOMINAL and view.upos(at) not in ("NOUN", "VERB")):
            if operator != "keep":
                self._take(above, operator)
            if operator in ("deny", "request", "promise", "threaten", "improbable", "keep"):
                return operator == "keep" and relation == "xcomp"
            if operator == "negate":
                self._negated_above(above)
                return False

            return relation in ("xcomp", "acl", "obj", "advcl")
        if relation == "xcomp" and view.lemmas[above] in ("be", "have", "go"):
            if view.lemmas[above] == "have" and any(view.lower[k] == "yet" for k in view.children[above]):
                self._take(above, "not")
            elif view.lemmas[above] in ("be", "go"):
                self._take(above, "plan")
            return True
        return self._signed(at, above, relation)

    def _signed(self, at: int, above: int, relation: str) -> bool:
        """The verb's veridicality in its frame; a finite clause below an unsigned verb ends the walk."""
        if self.view.upos(above) not in ("VERB", "ADJ"):
            return relation in ("xcomp", "acl") or self.view.upos(above) == "NOUN"
        frame = "that"
        if relation in ("xcomp", "advcl"):
            frame = "passinf" if is_passive(self.view, above) else "objinf" if self.view.kids(above, "obj") else "inf"
        form = self.view.lower[above] if frame == "passinf" else self.view.lemmas[above]
        sign = self.table.signatures.get((form, frame))
        negated = any(self.view.lower[kid] in self.table.words["negations"] for kid in self.view.kids(above, "advmod"))
        if relation == "ccomp":
            return False
        if sign is None:
            return relation in ("xcomp", "acl", "obj", "advcl")
        here = sign[2] if negated else sign[0]
        if here == "-":
            self._take(above, "negate")
        elif here == "0" and relation == "xcomp":
            self._take(above, "possible")
        return not negated and relation == "xcomp"

    def _negated_above(self, above: int) -> None:
        for kid in self.view.kids(above, "advmod", "aux"):
            if self.view.lower[kid] in self.table.words["negations"]:
                self._take(kid, "not")

    def _from_first(self, at: int, above: int) -> None:
        """What a conjunct shares with the first one: its modal, when it has neither subject nor auxiliary."""
        view = self.view
        if view.kids(at, "nsubj", "nsubj:pass", "aux", "cop") or view.upos(at) != "VERB":
            return
        for kid in view.kids(above, "aux"):
            if kid < above:
                self._modal(above, kid, view.lower[kid])

    def _operator(self, word: int) -> str | None:
        view, table = self.view, self.table
        upos = view.upos(word)
        if upos == "NOUN":
            return table.nouns.get(view.lemmas[word])
        if view.lower[word] in table.adjectives and (upos == "ADJ" or is_passive(view, word)):
            if view.lower[word] in ("sure", "certain") and not view.kids(word, "nsubj"):
                return None  # *be sure to visit*, *make sure to*
            return table.adjectives[view.lower[word]]
        operator = table.verbs.get(view.lemmas[word]) if upos in ("VERB", "AUX") else None
        if view.lemmas[word] in table.words["calling"] and not self._calls_on(word):
            return None
        particle = table.particles.get(operator or "")
        return None if particle and not any(view.lower[kid] == particle for kid in view.children[word]) else operator

    def _calls_on(self, word: int) -> bool:
        """*call on somebody to*, *call for*: a request; *calls it baseless* is none."""
        cases = {view_case for kid in self.view.kids(word, "obl") for view_case in self._cases(kid)}
        infinitives = (kid for kid in self.view.kids(word, "xcomp", "ccomp", "advcl") if self._infinitive(kid))
        return bool(cases & {"on", "upon", "for"}) or any(infinitives)

    def _cases(self, word: int) -> set[str]:
        return {self.view.lower[kid] for kid in self.view.kids(word, "case")}

    def _excludes(self, word: int) -> str | None:
        """`exclude`, or `not exclude` under a negation."""
        if self._operator(word) != "exclude":
            return None
        kids = self.view.kids(word, "advmod", "aux")
        negated = any(self.view.lower[kid] in self.table.words["negations"] for kid in kids)
        return "not exclude" if negated else "exclude"

    def _infinitive(self, word: int) -> bool:
        return bool(self._to(word))

    def _to(self, word: int) -> list[int]:
        return [kid for kid in self.view.kids(word, "mark") if self.view.lower[kid] == "to"]

    def _is_given(self, at: int, above: int, relation: str) -> bool:
        """*the offer*, *their talks* below a verb that does not carry them out: taken for granted."""
        view = self.view
        if view.upos(at) != "NOUN" or relation not in ("obj", "obl", "nmod") or view.lower[above] in SUPPORT:
            return False
        return self._operator(above) is None
