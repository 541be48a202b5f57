"""A frozen record: finished, citable, refused to writers. Its files say what it is and which hash proves it.

Forms: Citation File Format 1.2.0 (CITATION.cff) and RO-Crate 1.2 (ro-crate-metadata.json), written without libraries.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from demarche.errors import ConfigError, InputError, StoreError
from demarche.records import from_json, to_json
from demarche.store.files import locked, store_errors, write_file
from demarche.store.manifest import Manifest, check_form, read_commits, read_manifest
from demarche.store.reader import Record
from demarche.store.serving import table_notes

__all__ = ["Frozen", "freeze_record", "read_frozen"]

MARK = "FROZEN.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """content: hash of what the record says. parts: hash over the names of its parts, which are hashes themselves."""

    content: str
    parts: str
    title: str
    authors: tuple[str, ...]
    license: str
    frozen: str


def freeze_record(
    folder: Path, *, title: str, authors: Sequence[str], license: str = "", day: datetime.date, version: str
) -> Frozen:
    """Mark a published record as finished: writers are refused, `verify` holds it against the hash.

    Args:
        license: SPDX identifier for the record's tables; the articles keep theirs.
    Raises:
        ConfigError: E516 it is frozen already. StoreError: E507 batches that are not published.
    """
    check_form(folder)
    if read_frozen(folder) is not None:
        raise ConfigError("E516", "the record is frozen already", where=str(folder), remedy="copy it to go on")
    with store_errors(folder), locked(folder / "writer.lock"), Record.open(folder) as record:
        manifest = read_manifest(folder)
        if len(read_commits(folder)) != len(manifest.commits) or manifest.record is None:
            raise StoreError("E507", "batches are coded but not published", where=str(folder),
                             remedy="run `demarche compact` first")  # fmt: skip
        frozen = Frozen(content=manifest.record, parts=hash_parts(manifest), title=title, authors=tuple(authors),
                        license=license, frozen=day.isoformat())  # fmt: skip
        write_file(folder / "CITATION.cff", _citation(frozen, version).encode())
        crate = orjson.dumps(_crate(frozen, manifest, record, version), option=orjson.OPT_INDENT_2)
        write_file(folder / "ro-crate-metadata.json", crate + b"\n")
        write_file(folder / MARK, orjson.dumps(to_json(frozen), option=orjson.OPT_INDENT_2) + b"\n")
    return frozen


def read_frozen(folder: Path) -> Frozen | None:
    """The mark of a frozen record; None: it is open.

    Raises:
        StoreError: E506 the mark is damaged.
    """
    try:
        found: Frozen = from_json(Frozen, orjson.loads((folder / MARK).read_bytes()), where=str(folder / MARK))
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, InputError) as error:
        raise StoreError("E506", "the mark of the frozen record is damaged", where=str(folder / MARK)) from error
    return found


def hash_parts(manifest: Manifest) -> str:
    """Hash over the list of all parts: it changes when any byte of any part does."""
    lines = sorted({f"{part.table}/{part.sha256}" for commit in manifest.commits for part in commit.parts})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _quoted(text: str) -> str:
    """A YAML string."""
    return orjson.dumps(text).decode()


def _citation(frozen: Frozen, version: str) -> str:
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this record, please cite it with the hash below."',
        "type: dataset",
        f"title: {_quoted(frozen.title)}",
        "authors:",
        *(f"  - name: {_quoted(author)}" for author in frozen.authors),
        f"date-released: {frozen.frozen}",
        f"version: {_quoted(frozen.content[:12])}",
        f'abstract: "Coded by demarche {version}. Content hash {frozen.content}."',
        "identifiers:",
        "  - type: other",
        f"    value: {_quoted('sha256:' + frozen.content)}",
        '    description: "hash of what the record says; `demarche verify` proves it"',
    ]
    if frozen.license:
        lines.append(f"license: {frozen.license}")
    return "\n".join(lines) + "\n"


def _crate(frozen: Frozen, manifest: Manifest, record: Record, version: str) -> dict[str, Any]:
    """RO-Crate: the folder, its files, the software and the runs that made it."""
    files = [
        {"@id": f"parts/{part.table}/{part.sha256}.parquet", "@type": "File", "contentSize": str(part.bytes),
         "encodingFormat": "application/vnd.apache.parquet", "sha256": part.sha256,
         "description": table_notes().get(part.table, {}).get("table", part.table)}
        for part in sorted({p for commit in manifest.commits for p in commit.parts}, key=lambda p: (p.table, p.sha256))
    ]  # fmt: skip
    software = {"@id": "#demarche", "@type": "SoftwareApplication", "name": "demarche", "softwareVersion": version}
    runs = [
        {"@id": f"#{run.id}", "@type": "CreateAction", "instrument": {"@id": "#demarche"}, "startTime": run.started,
         "endTime": run.ended, "description": run.options, "result": {"@id": "./"}}
        for run in record.rows("runs")
    ]  # fmt: skip
    sizes = ", ".join(f"{rows:,} {name}" for name, rows, _ in manifest.content if name in ("documents", "assertions"))
    root: dict[str, Any] = {
        "@id": "./", "@type": "Dataset", "name": frozen.title, "datePublished": frozen.frozen,
        "description": f"A demarche record: {sizes}. Content hash {frozen.content}.",
        "identifier": f"sha256:{frozen.content}",
        "author": [{"@id": f"#author-{n}"} for n in range(len(frozen.authors))],
        "hasPart": [{"@id": one["@id"]} for one in files],
        "license": frozen.license or "see the articles; no licence was stated for the tables",
    }  # fmt: skip
    people = [{"@id": f"#author-{n}", "@type": "Person", "name": name} for n, name in enumerate(frozen.authors)]
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"}}  # fmt: skip
    return {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [about, root, *people, software, *runs, *files],
    }
