"""Files that are either whole or absent: written aside, flushed to the disk, renamed into place."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demarche.errors import StoreError

__all__ = ["hash_file", "locked", "replace_file", "store_errors", "sync_folder", "write_file"]


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Say what the operating system refused, as a `StoreError` with its remedy."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or path)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            advice = "free some space and run the same command again: what was committed is kept"
            raise StoreError("E504", "the disk is full", where=where, remedy=advice) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            advice = "choose a folder that you may write to"
            raise StoreError("E503", "cannot write here", where=where, remedy=advice) from error
        raise StoreError("E515", f"the file system refused: {error.strerror or error}", where=where) from error


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries, so that a rename survives a power cut (POSIX; elsewhere nothing is needed)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(temporary: Path, path: Path) -> None:
    """Give a finished file, already flushed, its name; the folder is flushed too."""
    os.replace(temporary, path)
    sync_folder(path.parent)


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write `data` to `path` so that a reader sees all of it or the file as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the writer's lock. The kernel frees it when its holder dies, so a stale lock cannot remain.

    Raises:
        StoreError: E505 when another process writes, with its number and host as it wrote them in.
    """
    with path.open("a+") as file:
        if not _try_lock(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "unknown process"
            advice = "wait until it has finished; readers need not wait"
            raise StoreError(
                "E505", f"another run writes this record ({holder})", where=str(path.parent), remedy=advice
            )
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _try_lock(handle: int) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK}:
            return False
        raise
    return True
