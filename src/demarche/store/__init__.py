"""Store: a record is a folder of immutable Parquet parts (the truth) and one DuckDB file built from them (for reading).

`RecordWriter` commits and publishes; `Record` reads; `fenced_query` answers a user's SQL; `check_record` verifies.
"""

from demarche.store.assemble import (
    Committed,
    Packed,
    committed_articles,
    committed_documents,
    pack,
    pack_article,
    unpack_article,
    write_rows,
)
from demarche.store.check import Breach, check_record
from demarche.store.fence import QueryLimits, fenced_query
from demarche.store.files import store_errors
from demarche.store.freeze import Frozen, freeze_record, read_frozen
from demarche.store.manifest import Manifest
from demarche.store.reader import Record
from demarche.store.schema import BASE, DERIVED, TABLES, columns_of
from demarche.store.search import Hit, Hits, rarest_word, search_sentences, words_condition
from demarche.store.serving import BUILDING, Derive, Derived
from demarche.store.spool import Spool
from demarche.store.writer import RecordWriter

__all__ = [
    "BASE", "BUILDING", "DERIVED", "TABLES", "Breach", "Committed", "Derive", "Derived", "Frozen", "Hit", "Hits",
    "Manifest", "Packed", "QueryLimits", "Record", "RecordWriter", "Spool", "check_record", "columns_of",
    "committed_articles", "committed_documents", "fenced_query", "freeze_record", "pack", "pack_article", "rarest_word",
    "read_frozen", "search_sentences", "store_errors", "unpack_article", "words_condition", "write_rows",
]  # fmt: skip
