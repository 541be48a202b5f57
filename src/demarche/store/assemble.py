"""Between coded documents and rows of tables, both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from demarche.records import CodedDocument, Document, Rejection, Run, from_json
from demarche.store.manifest import Commit, read_commits, read_part
from demarche.store.schema import BASE, decode, encode, encode_plain

__all__ = ["Packed", "assemble", "committed_documents", "documents_in", "pack", "tabulate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A coded document in the bytes of its JSON form: what travels between processes (ten times faster than pickle)."""

    id: str
    words: int
    data: bytes

    def unpack(self) -> CodedDocument:
        """The document again."""
        return from_json(CodedDocument, orjson.loads(self.data), where=self.id)


def pack(coded: CodedDocument) -> Packed:
    """The contract's JSON object of a document, as `to_json` gives it."""
    plain: dict[str, Any] = {"schema": coded.schema, "document": coded.document}
    plain |= {name: getattr(coded, name) for name in BASE if name != "documents"}
    plain["links"] = [{"kind": link.kind, "from": link.from_, "to": link.to} for link in coded.links]
    return Packed(id=coded.document.id, words=coded.document.words, data=orjson.dumps(plain))


def tabulate(
    packed: Sequence[Packed], rejected: Sequence[Rejection] = (), runs: Sequence[Run] = ()
) -> dict[str, pa.Table]:
    """Arrow tables of a batch; tables without rows are left out."""
    plain = [orjson.loads(one.data) for one in packed]
    tables = {}
    for name in BASE:
        rows: list[dict[str, Any]] = []
        owners: list[str] = []
        for one in plain:
            found = [one["document"]] if name == "documents" else one[name]
            rows.extend(found)
            owners.extend([one["document"]["id"]] * len(found))
        if rows:
            tables[name] = encode_plain(name, rows, owners)
    if rejected:
        tables["rejections"] = encode("rejections", rejected)
    if runs:
        tables["runs"] = encode("runs", runs)
    return tables


def assemble(tables: Mapping[str, pa.Table]) -> list[CodedDocument]:
    """Coded documents of base tables; rows of one document must stand in the order of the JSON form."""
    parts: dict[str, dict[str, list[Any]]] = {}
    for name in BASE:
        if name != "documents" and name in tables:
            parts[name] = _grouped(name, tables[name])
    documents: list[Document] = decode("documents", tables["documents"]) if "documents" in tables else []
    return [_one(document, parts) for document in documents]


def _one(document: Document, parts: Mapping[str, Mapping[str, list[Any]]]) -> CodedDocument:
    lists: dict[str, Any] = {name: tuple(rows.get(document.id, ())) for name, rows in parts.items()}
    return CodedDocument(document=document, **lists)


def _grouped(name: str, table: pa.Table) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for owner, row in zip(table.column("document").to_pylist(), decode(name, table), strict=True):
        grouped[owner].append(row)
    return grouped


def documents_in(folder: Path, commits: Iterable[Commit]) -> Iterator[CodedDocument]:
    """Every committed document once, read commit by commit: memory holds one batch at a time."""
    seen: set[str] = set()
    for commit in commits:
        tables: dict[str, list[pa.Table]] = defaultdict(list)
        for part in commit.parts:
            if part.table in BASE:
                tables[part.table].append(read_part(folder, part))
        for coded in assemble({name: pa.concat_tables(found) for name, found in tables.items()}):
            if coded.document.id not in seen:
                seen.add(coded.document.id)
                yield coded


def committed_documents(folder: Path) -> Iterator[CodedDocument]:
    """Every document of a record as it was coded, published or not; see `documents_in`."""
    return documents_in(folder, read_commits(folder))
