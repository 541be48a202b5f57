"""CDXJ: an index that points into WARC files beside it. Only the records it names are read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

from demarche.errors import DemarcheError, InputError
from demarche.ingest.draft import Origin
from demarche.ingest.options import Limits
from demarche.ingest.streams import LineReader
from demarche.ingest.warc import Payload, read_warc

__all__ = ["read_cdxj"]


def read_cdxj(lines: LineReader, origin: Origin, limits: Limits) -> Iterator[Payload | tuple[Origin, DemarcheError]]:
    """The records that an index names, in its order. File names are looked up below the folder of the index only."""
    folder = Path(origin.path).resolve().parent
    for number, line in lines:
        if line is None or not line.strip() or line.startswith(b"!"):
            continue
        here = origin.within(f"L{number}")
        try:
            file, offset, length = _pointer(line, folder, limits)
            yield from _record(file, offset, length, here, limits)
        except DemarcheError as error:
            yield here, error


def _pointer(line: bytes, folder: Path, limits: Limits) -> tuple[Path, int, int]:
    try:
        told = json.loads(line[line.index(b"{") :])
        name, offset, length = str(told["filename"]), int(told["offset"]), int(told["length"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("E134", f"no line of a CDXJ index ({type(error).__name__} {error})"[:160]) from error
    if offset < 0 or not 0 < length <= limits.member_bytes:
        raise InputError("E134", f"a record of {length:,} bytes at {offset:,}, limit {limits.member_bytes:,}")
    for path in (folder / name, folder / Path(name).name):
        file = path.resolve()
        if file.is_relative_to(folder) and file.is_file():
            return file, offset, length
    raise InputError("E134", f"the WARC file {name[:200]} is not in the folder of the index")


def _record(
    file: Path, offset: int, length: int, origin: Origin, limits: Limits
) -> Iterator[Payload | tuple[Origin, DemarcheError]]:
    with file.open("rb") as stream:
        stream.seek(offset)
        data = stream.read(length)
    if len(data) < length:
        raise InputError("E113", f"{file.name} ends before the record at {offset:,}")
    yield from read_warc(
        io.BufferedReader(io.BytesIO(data)),
        origin,
        limits,
        packed=data.startswith(b"\x1f\x8b"),
    )
