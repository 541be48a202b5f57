"""The room `linking`: who, where, when and how much.

`find_cards` shows an actor as the table has it on a day;
`members_of(body, day)` and `load_relations` give dated relations: members, parties in power, who fights whom.
`load_linker(user_tables)` reads the actor table, the gazetteer and the word lists; `Linker.link` turns a parsed article
into a `Linked`. Office and names are decided on the article's date; what cannot be resolved stays unnamed.
"""

from demarche.linking.cards import ActorCard, Related, find_cards
from demarche.linking.evaluate import Parsed, evaluate_linking
from demarche.linking.linker import Linker, load_actor_tables, load_linker
from demarche.linking.user_tables import ActorChange
from demarche.resources import Membership, RelationKind, Relations, load_relations, members_of

__all__ = [
    "ActorCard", "ActorChange", "Linker", "Membership", "Parsed", "Related", "RelationKind", "Relations",
    "evaluate_linking", "find_cards", "load_actor_tables", "load_linker", "load_relations", "members_of",
]  # fmt: skip
