"""ZIP and tar: members one by one, none written to disk, none trusted for its name or size."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from demarche.errors import DemarcheError, InputError
from demarche.ingest.draft import Origin
from demarche.ingest.options import Limits
from demarche.ingest.streams import bounded_read

__all__ = ["read_tar", "read_zip"]

Member = tuple[Origin, IO[bytes] | DemarcheError]
BOMB_FLOOR = 16_000_000
"""Below so many unpacked bytes no ratio makes a bomb: small texts pack well."""


def _unsafe(name: str) -> bool:
    """A name that leaves its archive: absolute, with `..`, or with a drive letter. Read in memory it could do no
    harm, but an archive that holds one was made to do harm."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":") or "\0" in name


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") for part in parts) or "__MACOSX" in parts


def read_zip(
    stream: IO[bytes] | io.RawIOBase, rewound: io.BufferedReader, *, where_from: Origin, limits: Limits
) -> Iterator[Member]:
    """Members of a ZIP file, sorted by name.

    Raises:
        InputError: E114 when the archive as a whole is unreadable.
    """
    if not stream.seekable():
        stream = io.BytesIO(bounded_read(rewound, 4 * limits.member_bytes, "ZIP"))
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise InputError("E114", f"no readable ZIP: {error}", where=where_from.source) from error
    infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    if len(infos) > limits.members:
        raise InputError("E114", f"{len(infos):,} members, limit {limits.members:,}", where=where_from.source)
    for info in infos:
        if _hidden(info.filename) and not _unsafe(info.filename):
            continue
        origin = where_from.within(info.filename, name=f"{where_from.name}#{PurePosixPath(info.filename).name}")
        yield origin, _zip_member(archive, info, limits)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> IO[bytes] | DemarcheError:
    if _unsafe(info.filename):
        return InputError("E114", f"member name {info.filename!r} leads out of the archive")
    if info.flag_bits & 1:
        return InputError("E114", "member is encrypted")
    size = info.file_size
    if size > BOMB_FLOOR and size > limits.expansion * max(1, info.compress_size):
        return InputError("E114", f"unpacks to {size:,} bytes from {info.compress_size:,}: refused as a bomb")
    try:
        with archive.open(info) as member:  # the sizes in the directory may lie: what is read is counted
            return io.BytesIO(bounded_read(member, limits.member_bytes, "archive member"))
    except InputError as error:
        return InputError("E114", f"{error.what}: refused", where=error.where)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        return InputError("E114", f"member is corrupt: {error}")


def read_tar(
    stream: IO[bytes] | io.RawIOBase, rewound: io.BufferedReader, *, where_from: Origin, limits: Limits
) -> Iterator[Member]:
    """Files of a tar archive in their order; links and devices are refused."""
    count = 0
    try:
        with tarfile.open(fileobj=rewound, mode="r|") as archive:
            for info in archive:
                count += 1
                if count > limits.members:
                    raise InputError("E114", f"more than {limits.members:,} members", where=where_from.source)
                if info.isdir() or (_hidden(info.name.removeprefix("./")) and not _unsafe(info.name)):
                    continue
                origin = where_from.within(info.name, name=f"{where_from.name}#{PurePosixPath(info.name).name}")
                yield origin, _tar_member(archive, info, limits)
    except (tarfile.TarError, EOFError) as error:
        yield where_from, InputError("E114", f"tar ended early after {count} members: {error}")


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> IO[bytes] | DemarcheError:
    if _unsafe(info.name):
        return InputError("E114", f"member name {info.name!r} leads out of the archive")
    if not info.isfile():
        return InputError("E114", "member is a link or device")
    if info.size > limits.member_bytes:
        return InputError("E114", f"member of {info.size:,} bytes, limit {limits.member_bytes:,}")
    member = archive.extractfile(info)
    if member is None:
        return InputError("E114", "member cannot be opened")
    data = member.read()
    if len(data) < info.size:
        return InputError("E114", f"member is cut: {len(data):,} of {info.size:,} bytes")
    return io.BytesIO(data)
