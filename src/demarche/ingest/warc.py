"""WARC and WET, streamed record by record, with the place where a damaged file ends.

Both libraries measured end early on a cut or corrupt file without an error, so the records are read here: bytes are
counted, a cut file says where, and reading goes on at the next gzip member after damage.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from demarche.errors import DemarcheError, InputError
from demarche.ingest.draft import Origin
from demarche.ingest.options import Limits
from demarche.ingest.streams import GzipStream

__all__ = ["Payload", "read_warc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One page or text of a WARC: its bytes after the HTTP layer, and its origin."""

    data: bytes
    origin: Origin
    text: bool


class _Counting:
    """A buffered reader that knows its offset."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.offset = 0

    def readline(self, limit: int) -> bytes:
        line = self._stream.readline(limit)
        self.offset += len(line)
        return line

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.offset += len(data)
        return data

    def skip(self, size: int) -> int:
        done = 0
        while done < size and (piece := self.read(min(size - done, 1 << 16))):
            done += len(piece)
        return done


def read_warc(
    stream: io.BufferedReader, origin: Origin, limits: Limits, *, packed: bool
) -> Iterator[Payload | tuple[Origin, DemarcheError]]:
    """Pages of a WARC file (`response` and `resource` records) and texts of a WET (`conversion`).

    packed: the stream is gzip. Offsets in places are packed offsets of the record's gzip member, else plain offsets.
    """
    gzip = GzipStream(stream) if packed else None
    while True:
        reader: Any = io.BufferedReader(gzip, 1 << 16) if gzip else stream
        source = _Counting(reader)
        try:
            yield from _records(source, gzip, origin, limits)
            return
        except InputError as error:
            place = error.where or f"@{source.offset}"
            yield origin.within(place), InputError("E113", f"WARC ended early: {error.what}", where=place)
            if gzip is None:
                return
            reader.detach()  # else its end would close the stream below it
            if not gzip.resync():
                return


def _records(
    source: _Counting, gzip: GzipStream | None, origin: Origin, limits: Limits
) -> Iterator[Payload | tuple[Origin, DemarcheError]]:
    while True:
        line = _first_line(source)
        if not line:
            return
        place = f"@{gzip.member}" if gzip else f"@{source.offset - len(line)}"
        if not line.startswith(b"WARC/"):
            raise InputError("E113", f"no record starts at {place}", where=place)
        headers = _headers(source, place)
        length = int(headers.get("content-length", "-1")) if headers.get("content-length", "").isdigit() else -1
        if length < 0:
            raise InputError("E113", f"record at {place} has no length", where=place)
        here = origin.within(place)
        wanted = headers.get("warc-type") in {"response", "resource", "conversion"}
        if not wanted or length > limits.member_bytes:
            if source.skip(length) < length:
                raise InputError("E113", f"the record at {place} is cut", where=place)
            if wanted:
                yield here, InputError("E105", f"record of {length:,} bytes, limit {limits.member_bytes:,}")
            continue
        block = source.read(length)
        if len(block) < length:
            raise InputError("E113", f"the record at {place} is cut: {len(block):,} of {length:,} bytes", where=place)
        yield from _payload(block, headers, here, limits)


def _first_line(source: _Counting) -> bytes:
    """The next line that is not empty; empty at the clean end of the file."""
    line = source.readline(1 << 16)
    while line and not line.strip():
        line = source.readline(1 << 16)
    return line


def _headers(source: _Counting, place: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(500):
        line = source.readline(1 << 16)
        if not line.strip():
            if not line:
                raise InputError("E113", f"the headers at {place} are cut", where=place)
            return headers
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
    raise InputError("E113", f"more than 500 headers at {place}", where=place)


def _payload(
    block: bytes, headers: dict[str, str], here: Origin, limits: Limits
) -> Iterator[Payload | tuple[Origin, DemarcheError]]:
    kind = headers.get("warc-type")
    address = headers.get("warc-target-uri", "").strip("<>") or None
    here = replace(here, url=address, retrieved=headers.get("warc-date"), name=address or here.name)
    if kind == "conversion":
        yield Payload(data=block, origin=here, text=True)
        return
    if kind == "resource" or not block.startswith(b"HTTP/"):
        here = replace(here, content_type=headers.get("content-type"))
        if _is_page(headers.get("content-type"), address):
            yield Payload(data=block, origin=here, text=False)
        return
    try:
        status, fields, body = _http(block)
        if status != 200:
            if status >= 400:
                yield here, InputError("E109", f"error page: HTTP {status}")
            return
        if not _is_page(fields.get("content-type"), address):
            return
        body = _unwrap(body, fields, limits)
    except DemarcheError as error:
        yield here, error
        return
    charset = fields.get("content-type", "").partition("charset=")[2].split(";")[0].strip("\"' ") or None
    here = replace(here, content_type=fields.get("content-type"), charset=charset)
    yield Payload(data=body, origin=here, text=False)


def _is_page(content_type: str | None, address: str | None) -> bool:
    """HTML or plain text; robots.txt and DNS answers, which crawls hold too, are none."""
    if address and (address.startswith("dns:") or address.endswith("/robots.txt")):
        return False
    kind = (content_type or "text/html").split(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml", "text/plain", "application/http", ""}


def _http(block: bytes) -> tuple[int, dict[str, str], bytes]:
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap:
        head, _, body = block.partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    parts = lines[0].split()
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    return (int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0), fields, body


def _unwrap(body: bytes, fields: dict[str, str], limits: Limits) -> bytes:
    """The body without chunks and packing; crawlers often store it unpacked and keep the header."""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _unchunk(body)
    packing = fields.get("content-encoding", "").lower()
    if "gzip" in packing and body.startswith(b"\x1f\x8b"):
        return _inflate(body, 31, limits)
    if "deflate" in packing and body[:1] == b"\x78":
        return _inflate(body, 15, limits)
    return body


def _inflate(body: bytes, bits: int, limits: Limits) -> bytes:
    engine = zlib.decompressobj(bits)
    try:
        data = engine.decompress(body, limits.member_bytes)
    except zlib.error as error:
        raise InputError("E119", f"the packed body is corrupt ({error})") from error
    if engine.unconsumed_tail:
        raise InputError("E114", f"body unpacks to more than {limits.member_bytes:,} bytes")
    return data


def _unchunk(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return body if not pieces else b"".join(pieces)  # stored without its chunks
        if length == 0:
            break
        pieces.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(pieces)
