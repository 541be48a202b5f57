"""Between coded documents and rows of tables, both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from demarche.records import Article, CodedDocument, Document, Rejection, Run, from_json
from demarche.store.manifest import Commit, Part, read_commits, read_part
from demarche.store.schema import BASE, decode, encode, encode_plain, from_plain

__all__ = [
    "DECISIONS", "WAITING", "Committed", "Packed", "assemble", "committed_articles", "committed_documents",
    "documents_in", "pack", "pack_article", "tabulate", "unpack_article", "waiting_in", "write_rows",
]  # fmt: skip

DECISIONS = "decisions.toml"
"""The user's own file in a record: which rows are of one happening, which are not."""

WAITING = "waiting"
"""Name of the parts that hold articles which were read and not coded: they were taken for copies of others."""


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


def pack_article(article: Article) -> Packed:
    """An article that was read and not coded, as `pack` packs a coded one."""
    plain = {"document": article.document, "paragraphs": article.paragraphs}
    return Packed(id=article.document.id, words=article.document.words, data=orjson.dumps(plain))


def unpack_article(data: bytes) -> Article:
    """The article of `pack_article`."""
    plain = orjson.loads(data)
    [document] = from_plain("documents", [plain["document"]])
    return Article(document=document, paragraphs=tuple(from_plain("paragraphs", plain["paragraphs"])))


def tabulate(
    packed: Sequence[Packed],
    rejected: Sequence[Rejection] = (),
    runs: Sequence[Run] = (),
    waiting: Sequence[Packed] = (),
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
    if waiting:
        tables[WAITING] = pa.table({"id": [one.id for one in waiting], "article": [one.data for one in waiting]})
    return tables


def write_rows(folder: Path, stem: str, packed: Sequence[Packed]) -> list[tuple[str, Path]]:
    """Rows of documents as Parquet files `TABLE-STEM.parquet` of a folder: (table, file) of each."""
    found = []
    for name, table in tabulate(packed).items():
        path = folder / f"{name}-{stem}.parquet"
        pq.write_table(table, path)
        found.append((name, path))
    return found


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


def documents_in(folder: Path, commits: Iterable[Commit], *, of: Collection[str] = BASE) -> Iterator[CodedDocument]:
    """Every committed document once, read commit by commit: memory holds one batch at a time.

    Args:
        of: the tables that are read; what stands in others is left empty.
    """
    seen: set[str] = set()
    for commit in commits:
        tables: dict[str, list[pa.Table]] = defaultdict(list)
        for part in commit.parts:
            if part.table in of:
                tables[part.table].append(read_part(folder, part))
        for coded in assemble({name: pa.concat_tables(found) for name, found in tables.items()}):
            if coded.document.id not in seen:
                seen.add(coded.document.id)
                yield coded


def committed_documents(folder: Path) -> Iterator[CodedDocument]:
    """Every document of a record as it was coded, published or not; see `documents_in`."""
    return documents_in(folder, read_commits(folder))


def waiting_in(folder: Path, commits: Iterable[Commit]) -> Iterator[Article]:
    """Every article once that was committed without being coded, whether it was coded later or not."""
    return (unpack_article(data) for _, data in Committed(folder, tuple(commits)).packed_waiting())


@dataclass(frozen=True, slots=True)
class Committed:
    """What the commits of a record hold: calling it starts a pass over all coded documents."""

    folder: Path
    commits: tuple[Commit, ...]

    def __call__(self) -> Iterator[CodedDocument]:
        return documents_in(self.folder, self.commits)

    @property
    def documents(self) -> int:
        """Rows of `documents` and `waiting`: how large the record is, about."""
        return sum(part.rows for one in self.commits for part in one.parts if part.table in ("documents", WAITING))

    def decisions(self) -> str:
        """The text of `decisions.toml`, written by the user; empty when there is none."""
        path = self.folder / DECISIONS
        return path.read_text("utf-8") if path.exists() else ""

    def waiting(self) -> Iterator[Article]:
        """See `waiting_in`."""
        return waiting_in(self.folder, self.commits)

    def articles(self) -> Iterator[Article]:
        """Every coded document as an article: its text and paragraphs, read without its rows."""
        for coded in documents_in(self.folder, self.commits, of=("documents", "paragraphs")):
            yield Article(document=coded.document, paragraphs=coded.paragraphs)

    def packed_waiting(self, *, of: Collection[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """Id and bytes (`pack_article`) of what `waiting` gives; of: only these ids."""
        seen: set[str] = set()
        for _, table in self._parts(WAITING):
            for identifier, data in zip(*(table.column(name).to_pylist() for name in ("id", "article")), strict=True):
                if identifier not in seen and (of is None or identifier in of):
                    seen.add(identifier)
                    yield identifier, data

    def packed_articles(self, *, of: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Id and bytes (`pack_article`) of coded documents, of these ids only."""
        for commit in self.commits:
            here = Committed(self.folder, (commit,))
            wanted = pa.array([identifier for identifier in here.ids("documents") if identifier in of], pa.string())
            if not len(wanted):
                continue
            tables = {}
            for name, key in (("documents", "id"), ("paragraphs", "document")):
                found = [rows.filter(pc.is_in(rows.column(key), value_set=wanted)) for _, rows in here._parts(name)]
                tables[name] = pa.concat_tables(found)
            for one in assemble(tables):
                article = Article(document=one.document, paragraphs=one.paragraphs)
                yield one.document.id, pack_article(article).data

    def _parts(self, name: str) -> Iterator[tuple[Part, pa.Table]]:
        for commit in self.commits:
            for part in commit.parts:
                if part.table == name:
                    yield part, read_part(self.folder, part)

    def ids(self, table: str) -> set[str]:
        """Ids in the parts of `documents` or `waiting`."""
        return {
            identifier
            for commit in self.commits
            for part in commit.parts
            if part.table == table
            for identifier in read_part(self.folder, part, columns=["id"]).column("id").to_pylist()
        }

    def failed(self) -> frozenset[str]:
        """Ids of documents that were read and could not be coded, and were not coded later."""
        tried = {
            place
            for commit in self.commits
            for part in commit.parts
            if part.table == "rejections"
            for place, stage in zip(
                *(read_part(self.folder, part).column(name).to_pylist() for name in ("place", "stage")), strict=True
            )
            if place is not None and stage != "ingest"
        }
        return frozenset(tried - self.ids("documents"))


def committed_articles(folder: Path) -> Committed:
    """The commits of a record, published or not."""
    return Committed(folder, read_commits(folder))
