"""The room `linking`: who, where, when and how much.

`load_linker(user_tables)` reads the actor table, the gazetteer and the word lists; `Linker.link` turns a parsed article
into a `Linked`. Office and names are decided on the article's date; what cannot be resolved stays unnamed.
"""

from demarche.linking.evaluate import Parsed, evaluate_linking
from demarche.linking.linker import Linker, load_linker
from demarche.linking.user_tables import ActorChange

__all__ = ["ActorChange", "Linker", "Parsed", "evaluate_linking", "load_linker"]
