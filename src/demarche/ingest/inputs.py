"""`read_inputs`: paths and addresses in, articles and rejections out, streamed in the order given."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from demarche.errors import DemarcheError, InputError
from demarche.ingest.archives import read_tar, read_zip
from demarche.ingest.article import build_article
from demarche.ingest.charset import decode
from demarche.ingest.draft import Block, Draft, Origin, reject
from demarche.ingest.fetch import Fetcher
from demarche.ingest.object_store import expand_store, is_store, open_store
from demarche.ingest.options import ReadOptions
from demarche.ingest.rows import Read, read_csv, read_json, read_jsonl, read_parquet
from demarche.ingest.sniff import Kind, sniff
from demarche.ingest.streams import GzipStream, LineReader, bounded_read, open_rewound
from demarche.ingest.warc import Payload, read_warc
from demarche.records import Article, Rejection

__all__ = ["read_inputs", "read_stream"]

Found = Article | Rejection


def read_inputs(paths: Sequence[str], options: ReadOptions | None = None) -> Iterator[Found]:
    """Articles of files, folders, globs, `-` (stdin) and http(s) addresses.

    Every input yields its articles or a `Rejection` that names file, place and reason; none stops the others.
    Order: as given; files of a folder sorted by name.
    """
    options = options or ReadOptions()
    with Fetcher(options=options.fetch) as fetcher:
        for path in paths:
            for origin in _expand(path):
                if isinstance(origin, Rejection):
                    yield origin
                else:
                    yield from _guarded(origin, options, partial(_open, fetcher=fetcher))


def _expand(path: str) -> Iterator[Origin | Rejection]:
    if path == "-":
        yield Origin(path="-", name="stdin")
        return
    if is_store(path):
        try:
            yield from expand_store(path)
        except DemarcheError as error:
            yield reject(Origin(path=path, name=path), error)
        return
    if "://" in path.split("?", 1)[0] or path.lower().startswith(("file:", "data:", "javascript:")):
        yield Origin(path=path, name=path, url=path)
        return
    here = Path(path)
    if here.is_dir():
        yield from _folder(here)
        return
    if here.exists():
        yield Origin(path=path, name=here.name)
        return
    matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
    if not matches:
        yield reject(Origin(path=path, name=path), InputError("E101", "no such file, folder or address", where=path))
    for match in matches:
        if Path(match).is_file():
            yield Origin(path=match, name=Path(match).name)


def _folder(folder: Path) -> Iterator[Origin | Rejection]:
    """Files below a folder, sorted; hidden ones and links that lead out of it are left out (links with a rejection)."""
    empty = True
    root = folder.resolve()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if name.startswith("."):
                continue
            empty = False
            origin = Origin(path=str(file), name=name)
            if file.is_symlink() and not file.resolve().is_relative_to(root):
                yield reject(origin, InputError("E102", "a link that leads out of the folder", where=str(file)))
            else:
                yield origin
    if empty:
        yield reject(Origin(path=str(folder), name=folder.name), InputError("E101", "the folder holds no file"))


def _guarded(
    origin: Origin, options: ReadOptions, read: Callable[[Origin, ReadOptions], Iterator[Found]]
) -> Iterator[Found]:
    """What `read` yields, its errors as rejections."""
    try:
        yield from read(origin, options)
    except DemarcheError as error:
        yield reject(origin, error)
    except (OSError, EOFError) as error:
        yield reject(
            origin, InputError("E102", f"cannot be read: {error.strerror if isinstance(error, OSError) else error}")
        )
    except (RecursionError, MemoryError) as error:
        yield reject(origin, InputError("E106", f"too deep or too large for a parser ({type(error).__name__})"))


def _open(origin: Origin, options: ReadOptions, *, fetcher: Fetcher) -> Iterator[Found]:
    if origin.url is not None and origin.path == origin.url:
        from demarche.ingest.feed_items import read_address

        if not options.fetch.allowed:
            raise InputError("E120", "addresses are not fetched in this run", where=origin.path)
        yield from read_address(origin, options, fetcher, read_stream)
    elif origin.path == "-":
        yield from read_stream(sys.stdin.buffer, origin, options)
    elif is_store(origin.path):
        with open_store(origin.path) as stream:
            yield from read_stream(stream, origin, options)
    else:
        if not Path(origin.path).is_file():
            raise InputError("E102", "not a regular file", where=origin.path)
        with open(origin.path, "rb") as stream:
            yield from read_stream(stream, origin, options)


def read_stream(
    stream: IO[bytes] | io.RawIOBase, origin: Origin, options: ReadOptions, *, nesting: int = 0
) -> Iterator[Found]:
    """Articles of one stream of bytes, whatever kind it is.

    Raises:
        InputError: the input as a whole cannot be read.
    """
    head, rewound = open_rewound(stream)
    kind = sniff(head, origin.name, origin.content_type)
    limits = options.limits
    if kind is Kind.EMPTY:
        raise InputError("E103", "empty", where=origin.source)
    if kind is Kind.BINARY:
        raise InputError("E104", "binary data of no known kind", where=origin.source)
    if kind is Kind.OTHER:
        raise InputError("E104", "a file of settings or program text, no article", where=origin.source)
    if nesting > limits.nesting:
        raise InputError("E128", f"archives nested more than {limits.nesting} deep", where=origin.source)
    reader = _READERS.get(kind, _read_text)
    if kind in _PACKED:
        yield from _unpacked(kind, head, rewound, origin, options, nesting)
    elif kind in {Kind.ZIP, Kind.TAR}:
        opener = read_zip if kind is Kind.ZIP else read_tar
        for where, member in opener(
            stream if stream.seekable() else rewound, rewound, where_from=origin, limits=limits
        ):
            yield from _member(member, where, options, nesting + 1)
    else:
        yield from reader(head, rewound, origin, options)


def _member(member: IO[bytes] | DemarcheError, origin: Origin, options: ReadOptions, nesting: int) -> Iterator[Found]:
    if isinstance(member, DemarcheError):
        yield reject(origin, member)
        return
    yield from _guarded(origin, options, lambda here, opts: read_stream(member, here, opts, nesting=nesting))


_PACKED = {Kind.GZIP, Kind.ZSTD, Kind.BZIP2, Kind.XZ}


def _unpacked(
    kind: Kind, head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions, nesting: int
) -> Iterator[Found]:
    name = (
        origin.name.rsplit(".", 1)[0] if origin.name.lower().endswith((".gz", ".zst", ".bz2", ".xz")) else origin.name
    )
    inner = replace(origin, name=name)
    if kind is Kind.GZIP:
        import zlib

        try:
            start = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error as error:
            raise InputError("E119", f"gzip is corrupt at its start ({error})", where=origin.source) from error
        if start.startswith(b"WARC/"):
            yield from _warc(stream, inner, options, packed=True)
            return
        plain: IO[bytes] = io.BufferedReader(GzipStream(stream), 1 << 16)
    elif kind is Kind.ZSTD:
        import zstandard

        plain = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
    else:
        import bz2
        import lzma

        plain = bz2.BZ2File(stream) if kind is Kind.BZIP2 else lzma.LZMAFile(stream)  # noqa: SIM115
    yield from _packed_errors(read_stream(_Named(plain, kind), inner, options, nesting=nesting + 1), origin)


class _Named(io.RawIOBase):
    """An unpacking stream whose library errors become E119, and which ends with an error where the packing is cut."""

    def __init__(self, stream: IO[bytes], kind: Kind) -> None:
        self._stream = stream
        self._kind = kind

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except InputError:
            raise
        except Exception as error:  # zstandard, bz2 and lzma each raise their own class
            raise InputError("E119", f"{self._kind} data is cut or corrupt ({error})") from error
        view[: len(data)] = data
        return len(data)


def _packed_errors(found: Iterator[Found], origin: Origin) -> Iterator[Found]:
    """Rows read before the damage stay; the damage itself is one rejection."""
    try:
        yield from found
    except DemarcheError as error:
        yield reject(origin, error)


def _built(reads: Iterator[Read], options: ReadOptions) -> Iterator[Found]:
    for origin, result in reads:
        yield _article(origin, result, options)


def _article(origin: Origin, result: Draft | DemarcheError, options: ReadOptions) -> Found:
    if isinstance(result, DemarcheError):
        return reject(origin, result)
    try:
        return build_article(result, options)
    except DemarcheError as error:
        return reject(origin, error)


def _read_text(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    data = bounded_read(stream, options.limits.text_bytes, "text")
    yield _article(origin, text_draft(data, origin), options)


def text_draft(data: bytes, origin: Origin) -> Draft:
    """A draft of plain text."""
    decoded = decode(data, header=origin.charset)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    warnings = (decoded.warning,) if decoded.warning else ()
    return Draft(blocks=(Block(text=text),), data=data, origin=origin, flat=True, warnings=warnings)


def _read_markdown(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.markdown import read_markdown

    data = bounded_read(stream, options.limits.text_bytes, "text")
    yield _article(origin, read_markdown(data, origin), options)


def _read_html(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.html import read_html

    data = bounded_read(stream, options.limits.page_bytes, "page")
    yield _article(origin, read_html(data, origin, options), options)


def _read_jsonl(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    yield from _built(read_jsonl(LineReader(stream, options.limits.row_bytes), origin, options), options)


def _read_json(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    data = bounded_read(stream, options.limits.text_bytes, "JSON")
    yield from _built(read_json(data, origin, options), options)


def _read_csv(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    yield from _built(read_csv(stream, head, origin, options), options)


def _read_parquet(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    on_disk = origin.place is None and origin.path != "-" and Path(origin.path).is_file()
    source = origin.path if on_disk else io.BytesIO(bounded_read(stream, 4 * options.limits.member_bytes, "Parquet"))
    yield from _built(read_parquet(source, origin, options), options)


def _read_warc(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    yield from _warc(stream, origin, options, packed=False)


def _warc(stream: io.BufferedReader, origin: Origin, options: ReadOptions, *, packed: bool) -> Iterator[Found]:
    yield from _payloads(read_warc(stream, origin, options.limits, packed=packed), options)


def _payloads(records: Iterator[Payload | tuple[Origin, DemarcheError]], options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.html import read_html

    for record in records:
        if not isinstance(record, Payload):
            yield reject(*record)
            continue
        here = record.origin
        kind = Kind.TEXT if record.text else sniff(record.data[:4096], "page.html", here.content_type)
        try:
            if kind in {Kind.EMPTY, Kind.BINARY, Kind.PDF}:
                raise InputError("E104", f"a page that is {kind}")
            draft = text_draft(record.data, here) if kind is Kind.TEXT else read_html(record.data, here, options)
        except DemarcheError as error:
            yield reject(here, error)
            continue
        yield _article(here, draft, options)


def _read_cdxj(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.cdxj import read_cdxj

    lines = LineReader(stream, options.limits.row_bytes)
    yield from _payloads(read_cdxj(lines, origin, options.limits), options)


def _read_feed(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.feed_items import read_feed_file

    data = bounded_read(stream, options.limits.text_bytes, "feed")
    yield from read_feed_file(data, origin, options)


def _read_pdf(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.pdf import read_pdf

    data = bounded_read(stream, options.limits.text_bytes, "PDF")
    yield _article(origin, read_pdf(data, origin, options), options)


def _read_mail(head: bytes, stream: io.BufferedReader, origin: Origin, options: ReadOptions) -> Iterator[Found]:
    from demarche.ingest.mail import read_mail

    yield from _built(read_mail(stream, origin, options), options)


_READERS: dict[Kind, Callable[[bytes, io.BufferedReader, Origin, ReadOptions], Iterator[Found]]] = {
    Kind.TEXT: _read_text,
    Kind.MARKDOWN: _read_markdown,
    Kind.HTML: _read_html,
    Kind.JSONL: _read_jsonl,
    Kind.JSON: _read_json,
    Kind.CSV: _read_csv,
    Kind.PARQUET: _read_parquet,
    Kind.WARC: _read_warc,
    Kind.CDXJ: _read_cdxj,
    Kind.FEED: _read_feed,
    Kind.JSON_FEED: _read_feed,
    Kind.SITEMAP: _read_feed,
    Kind.PDF: _read_pdf,
    Kind.MBOX: _read_mail,
}
