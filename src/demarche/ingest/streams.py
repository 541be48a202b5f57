"""Byte streams that tell when they end too early and never grow without bound."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import IO

from demarche.errors import InputError

__all__ = ["GzipStream", "LineReader", "bounded_read", "open_rewound"]

CHUNK = 1 << 16


class _Rewound(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, rest: IO[bytes] | io.RawIOBase) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._head:
            piece, self._head = self._head[: len(view)], self._head[len(view) :]
        else:
            piece = self._rest.read(len(view)) or b""
        view[: len(piece)] = piece
        return len(piece)


def open_rewound(stream: IO[bytes] | io.RawIOBase, size: int = 8192) -> tuple[bytes, io.BufferedReader]:
    """The first `size` bytes of a stream (fewer at its end), and a stream that starts with them again."""
    head = b""
    while len(head) < size:
        piece = stream.read(size - len(head))
        if not piece:
            break
        head += piece
    return head, io.BufferedReader(_Rewound(head, stream), CHUNK)


class GzipStream(io.RawIOBase):
    """Reads gzip member by member and says where a damaged or cut file ends.

    consumed: packed bytes of the file read so far. produced: unpacked bytes. member: packed offset at which the
    member now being read starts.
    Raises InputError E119 at a truncated or corrupt member.
    """

    def __init__(self, stream: IO[bytes], *, limit: Callable[[int, int], None] | None = None) -> None:
        self._stream = stream
        self._pending = b""
        self._engine: object | None = None
        self._limit = limit
        self.consumed = 0
        self.produced = 0
        self.member = 0

    def readable(self) -> bool:
        return True

    def _feed(self) -> bytes:
        piece = self._stream.read(CHUNK) or b""
        self.consumed += len(piece)
        return piece

    def read_some(self, size: int) -> bytes:
        """Up to `size` unpacked bytes; empty at the end of the file."""
        while True:
            if self._engine is None and not self._start_member():
                return b""
            data = self._unpack(size)
            if data:
                self.produced += len(data)
                if self._limit:
                    self._limit(self.consumed, self.produced)
                return data

    def _start_member(self) -> bool:
        while len(self._pending) < 2 and (piece := self._feed()):
            self._pending += piece
        self.member = self.consumed - len(self._pending)
        if not self._pending.strip(b"\0"):
            self._pending = b"" if not self._pending else self._pending.lstrip(b"\0")
            return bool(self._pending) or bool(self._more())
        if not self._pending.startswith(b"\x1f\x8b"):
            raise InputError("E119", f"bytes after offset {self.member} are no gzip member", where=f"@{self.member}")
        self._engine = zlib.decompressobj(31)
        return True

    def _more(self) -> bool:
        """More after zero padding?"""
        while piece := self._feed():
            self._pending = piece.lstrip(b"\0")
            if self._pending:
                return self._start_member()
        return False

    def _unpack(self, size: int) -> bytes:
        engine = self._engine
        data = self._pending or self._feed()
        if not data:
            raise InputError(
                "E119", f"gzip ended early: the member at offset {self.member} is cut", where=f"@{self.member}"
            )
        try:
            out: bytes = engine.decompress(data, size)  # type: ignore[union-attr]
        except zlib.error as error:
            raise InputError(
                "E119", f"gzip is corrupt in the member at offset {self.member} ({error})", where=f"@{self.member}"
            ) from error
        self._pending = engine.unconsumed_tail  # type: ignore[union-attr]
        if engine.eof:  # type: ignore[union-attr]
            self._pending = engine.unused_data  # type: ignore[union-attr]
            self._engine = None
        return out

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.read_some(len(view))
        view[: len(data)] = data
        return len(data)

    def resync(self) -> bool:
        """Skip to the next gzip member after damage; False when there is none."""
        self._engine = None
        data = self._pending[2:] or self._feed()
        while data:
            at = data.find(b"\x1f\x8b\x08")
            if at >= 0:
                self._pending = data[at:]
                return True
            data = data[-2:] + more if (more := self._feed()) else b""
        self._pending = b""
        return False


def bounded_read(stream: IO[bytes], limit: int, what: str) -> bytes:
    """All bytes of a stream.

    Raises:
        InputError: E105 when there are more than `limit`.
    """
    pieces = []
    size = 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise InputError("E105", f"{what} of more than {limit:,} bytes", remedy="raise the limit if it is genuine")
        pieces.append(piece)
    return b"".join(pieces)


class LineReader:
    """Iterates over (number, line or None): None for a line over the limit, which is skipped in pieces."""

    def __init__(self, stream: io.BufferedReader, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.skipped = 0

    def __iter__(self) -> LineReader:
        self.number = 0
        return self

    def __next__(self) -> tuple[int, bytes | None]:
        line = self._stream.readline(self._limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= self._limit or line.endswith(b"\n"):
            return self.number, line
        self.skipped = len(line)
        while piece := self._stream.readline(CHUNK):
            self.skipped += len(piece)
            if piece.endswith(b"\n") or self.skipped > 50 * self._limit:
                break
        return self.number, None
