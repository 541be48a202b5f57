"""Watching feeds and sitemaps: what is due is asked for, what is new is fetched once and kept until it is coded.

The state lies in one folder. A page that was fetched is written to `spool/` before it is handed on and taken away after
the record holds it, so that a kill at any instant loses nothing and codes nothing twice: the same bytes give the same
document, which the record knows already.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from demarche.errors import ConfigError, DemarcheError, InputError
from demarche.ingest.draft import Origin, reject
from demarche.ingest.feed_items import read_fetched
from demarche.ingest.feeds import Feed, FeedItem, read_feed
from demarche.ingest.fetch import Fetched, Fetcher, check_scheme
from demarche.ingest.inputs import read_stream
from demarche.ingest.options import ReadOptions
from demarche.records import Article, Rejection

__all__ = ["Watch", "WatchList", "Watched", "log_line", "read_watch_list"]

EVERY = 900.0
SOONEST = 10.0
REMEMBERED = 200_000
"""Ids of items kept a watch; the oldest go first. A feed shows its last few hundred, a news sitemap two days."""
GIVE_UP = 3
"""Tries at an item whose server does not answer, one a round, before it is rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One address to poll. every: seconds between two looks. publisher: where the pages do not name theirs."""

    address: str
    kind: Literal["feed", "sitemap"]
    every: float
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchList:
    """What a watch file asks for."""

    places: tuple[Watched, ...]


def read_watch_list(path: Path) -> WatchList:
    """A TOML file with `[[feed]]` and `[[sitemap]]` tables (address, every, publisher), and `every` for all.

    Raises:
        ConfigError: E135 not readable, no TOML, unknown keys, no address.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("E135", f"no watch list: {error}", where=str(path)) from error
    unknown = set(told) - {"every", "feed", "sitemap"}
    if unknown:
        raise ConfigError("E135", f"unknown key {sorted(unknown)[0]!r}", where=str(path),
                          remedy="known are every, [[feed]] and [[sitemap]]")  # fmt: skip
    every = _seconds(told.get("every", EVERY), path)
    places = [_watched(row, kind, every, path) for kind in ("feed", "sitemap") for row in _rows(told, kind, path)]
    if not places:
        raise ConfigError("E135", "nothing to watch", where=str(path), remedy="add [[feed]] with an address")
    return WatchList(places=tuple({place.address: place for place in places}.values()))


def _rows(told: dict[str, Any], kind: str, path: Path) -> list[Any]:
    rows = told.get(kind, [])
    if not isinstance(rows, list):
        raise ConfigError("E135", f"write [[{kind}]] with two brackets", where=str(path))
    return rows


def _seconds(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < SOONEST:
        raise ConfigError("E135", f"every = {value!r}: seconds, {SOONEST:g} at least", where=str(path))
    return float(value)


def _watched(row: Any, kind: Any, every: float, path: Path) -> Watched:
    if isinstance(row, str):
        row = {"address": row}
    if not isinstance(row, dict) or not isinstance(row.get("address"), str):
        raise ConfigError("E135", f"a [[{kind}]] without an address", where=str(path))
    unknown = set(row) - {"address", "every", "publisher"}
    if unknown:
        raise ConfigError("E135", f"unknown key {sorted(unknown)[0]!r} of {row['address']}", where=str(path))
    try:
        check_scheme(row["address"])
    except InputError as error:
        raise ConfigError("E135", error.what, where=f"{path}: {row['address']}") from error
    return Watched(
        address=row["address"], kind=kind, every=_seconds(row.get("every", every), path), publisher=row.get("publisher")
    )


@dataclass(slots=True)
class Watch:
    """A watch with its state in `folder` (made when missing).

    now: seconds since 1970; given by tests. notices: called with one line of log for each thing that happens.
    """

    places: tuple[Watched, ...]
    folder: Path
    fetcher: Fetcher
    options: ReadOptions
    now: Callable[[], float] = time.time
    notices: Callable[[str, dict[str, Any]], None] = lambda what, facts: None
    _state: dict[str, Any] = field(default_factory=dict)
    _handed: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "spool").mkdir(parents=True, exist_ok=True)
        self._state = self._load()

    def seconds_left(self) -> float:
        """Until the next address is due; 0 when one is."""
        first = min(float(self._place(place)["due"]) for place in self.places)
        return max(0.0, first - self.now())

    def due(self) -> bool:
        """Whether anything waits: an address to look at, or a page that an earlier run fetched and did not finish."""
        return self.seconds_left() <= 0 or any((self.folder / "spool").glob("*.json"))

    def round(self, *, stop: Callable[[], bool] = lambda: False) -> Iterator[Article | Rejection]:
        """What is new since the last round. Call `done` when the record holds all of it."""
        for path in sorted((self.folder / "spool").glob("*.json")):
            yield from self._from_spool(path)
        for place in self.places:
            if stop():
                return
            if self._place(place)["due"] <= self.now():
                yield from self._look(place, stop)

    def done(self) -> None:
        """What `round` yielded is in the record: take it out of the spool."""
        self._save()
        for path in self._handed:
            path.with_suffix(".body").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        self._handed.clear()

    def _look(self, place: Watched, stop: Callable[[], bool]) -> Iterator[Article | Rejection]:
        """New items of one address; its next look is due whether this one succeeds or not."""
        known = self._place(place)
        known["due"] = self.now() + place.every
        try:
            fetched = self.fetcher.get(place.address, etag=known.get("etag"), modified=known.get("modified"))
            if fetched.status == 304:
                self._note("unchanged", place)
                self._save()
                return
            feed = self._whole(read_feed(fetched.body, fetched.url))
        except DemarcheError as error:
            known["failures"] = known.get("failures", 0) + 1
            known["due"] = self.now() + place.every * min(16, 2 ** known["failures"] / 2)
            self._note("failed", place, code=error.code, reason=error.what)
            self._save()
            return
        known["failures"] = 0
        fresh = [item for item in feed.items if self._key(item) not in self._state["seen"]]
        self._note("looked", place, items=len(feed.items), new=len(fresh), broken=feed.broken)
        late = False
        for item in fresh:
            if stop():
                late = True
                break
            path = self._take(item, place)
            if path is None:
                late = True
            else:
                yield from self._from_spool(path)
        # conditions are kept only when every item was had: else the next look must see the feed again
        known.update(etag=None if late else fetched.etag, modified=None if late else fetched.modified)
        if late and stop():
            known["due"] = 0.0
        self._save()

    def _whole(self, feed: Feed) -> Feed:
        """A feed with the items of the sitemaps that it points to."""
        items = list(feed.items)
        for address in feed.maps:
            try:
                items += read_feed(self.fetcher.get(address).body, address).items
            except DemarcheError as error:
                self.notices("failed", {"address": address, "code": error.code, "reason": error.what})
        return replace(feed, items=tuple(items))

    def _key(self, item: FeedItem) -> str:
        return hashlib.sha256((item.url or item.id).encode("utf-8", "replace")).hexdigest()[:20]

    def _take(self, item: FeedItem, place: Watched) -> Path | None:
        """Fetch an item into the spool and call it seen; None when its server is to be asked again later."""
        key = self._key(item)
        item = replace(item, publisher=item.publisher or place.publisher)
        facts: dict[str, Any] = {"item": asdict(item)}
        body = b""
        try:
            if item.url is None:
                raise InputError("E115", "the feed gives no address of it", where=item.id[:200])
            fetched = self.fetcher.get(item.url)
            body = fetched.body
            facts["fetched"] = {**asdict(fetched), "body": None}
        except DemarcheError as error:
            tries = self._state["tries"].get(key, 0) + 1
            if error.code == "E124" and tries < GIVE_UP:
                self._state["tries"][key] = tries
                self._note("later", place, item=item.url, reason=error.what)
                return None
            facts["error"] = {"code": error.code, "what": error.what}
        path = self.folder / "spool" / f"{key}.json"
        _write(path.with_suffix(".body"), body)
        _write(path, json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace"))
        self._state["tries"].pop(key, None)
        self._state["seen"][key] = int(self.now())
        return path

    def _from_spool(self, path: Path) -> Iterator[Article | Rejection]:
        """The article of a spooled page."""
        try:
            facts = json.loads(path.read_bytes())
            body = path.with_suffix(".body").read_bytes()
            item = FeedItem(**{**facts["item"], "authors": tuple(facts["item"]["authors"])})
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
        ):  # written by a run that was killed while writing: fetched again
            self._state["seen"].pop(path.stem, None)
            path.unlink(missing_ok=True)
            return
        self._state["seen"].setdefault(path.stem, int(self.now()))
        place = item.url or item.id
        origin = Origin(path=place, name=place, url=item.url)
        found: list[Article | Rejection] = []
        try:
            if "error" in facts:
                raise InputError(facts["error"]["code"], facts["error"]["what"])
            fetched = Fetched(**{**facts["fetched"], "body": body})
            found = list(read_fetched(item, fetched, self.options, read_stream))
        except DemarcheError as error:
            found = [reject(origin, error)]
        for one in found:
            if isinstance(one, Article):
                self.notices("article", {"item": place, "id": one.document.id})
            else:
                self.notices("rejected", {"item": place, "code": one.code, "reason": one.reason})
            yield one
        self._handed.append(path)  # reached only when the last one was taken and more is asked for

    def _note(self, what: str, place: Watched, **facts: Any) -> None:
        self.notices(what, {"address": place.address, **facts})

    def _place(self, place: Watched) -> dict[str, Any]:
        known: dict[str, Any] = self._state["places"].setdefault(place.address, {"due": 0.0})
        return known

    def _load(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"places": {}, "seen": {}, "tries": {}}
        path = self.folder / "state.json"
        try:
            told = json.loads(path.read_bytes())
        except FileNotFoundError:
            return empty
        except (OSError, ValueError) as error:
            raise ConfigError("E132", f"the state of the watch is damaged: {error}", where=str(path),
                              remedy="delete it: everything in the feeds then counts as new, and the record knows "
                              "what it holds") from error  # fmt: skip
        return {**empty, **told} if isinstance(told, dict) else empty

    def _save(self) -> None:
        seen = self._state["seen"]
        if len(seen) > REMEMBERED:
            for key in sorted(seen, key=seen.__getitem__)[: len(seen) - REMEMBERED]:
                del seen[key]
        _write(self.folder / "state.json", json.dumps(self._state, sort_keys=True).encode())


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def log_line(what: str, facts: dict[str, Any], now: float) -> str:
    """One line of the log: JSON with time, what, and the facts."""
    when = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    return json.dumps({"time": when, "what": what, **facts}, ensure_ascii=False)
