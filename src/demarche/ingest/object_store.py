"""Files of an object store or a cluster's file system (`s3://bucket/news/*.jsonl.gz`), through fsspec.

fsspec and the driver of each store are an extra (`demarche[cloud]`): nothing here is imported without such an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast

from demarche.errors import ConfigError, InputError
from demarche.ingest.draft import Origin

__all__ = ["STORES", "expand_store", "is_store", "open_store"]

STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "hdfs", "webhdfs", "memory"})
"""Schemes that go to fsspec. `file` is left out: a path says the same and an address must not read local files."""


def is_store(path: str) -> bool:
    """Whether `path` is an address of an object store."""
    return path.split("://", 1)[0] in STORES and "://" in path


def expand_store(path: str) -> Iterator[Origin]:
    """Files behind an address: itself, those of a folder, or those that a pattern matches, sorted by name.

    Raises:
        ConfigError: E130 fsspec or the driver of this store is not installed.
        InputError: E131 nothing is there, or the store refuses.
    """
    scheme = path.split("://", 1)[0]
    system, place = _connect(path)
    try:
        if "*" in place or "?" in place or "[" in place:
            found = [str(name) for name in system.glob(place) if not system.isdir(name)]
        elif system.isdir(place):
            found = [str(name) for name in system.find(place)]
        else:
            found = [place] if system.exists(place) else []
    except Exception as error:  # every driver raises errors of its own kind
        raise InputError("E131", f"the store refuses: {_short(error)}", where=path) from error
    if not found:
        raise InputError("E131", "nothing is stored at this address", where=path)
    for name in sorted(found):
        address = f"{scheme}://{name.removeprefix(f'{scheme}://').lstrip('/')}"
        yield Origin(path=address, name=name.rsplit("/", 1)[-1])


def open_store(path: str) -> IO[bytes]:
    """A stream of the bytes at an address, read in blocks.

    Raises:
        ConfigError: E130.
        InputError: E131.
    """
    system, place = _connect(path)
    try:
        return cast(IO[bytes], system.open(place, "rb"))
    except Exception as error:  # as above
        raise InputError("E131", f"the store refuses: {_short(error)}", where=path) from error


def _connect(path: str) -> tuple[Any, str]:
    advice = "pip install 'demarche[cloud]' (s3), or the fsspec driver of your store"
    try:
        import fsspec
    except ImportError as error:
        raise ConfigError("E130", "fsspec is not installed", where=path, remedy=advice) from error
    try:
        system, place = fsspec.core.url_to_fs(path)
    except (ImportError, ValueError) as error:
        raise ConfigError("E130", f"no driver for this store: {_short(error)}", where=path, remedy=advice) from error
    return system, str(place)


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
