"""`demarche watch`, killed while it reads, goes on and ends with the record of an undisturbed run."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demarche.store import Record
from ingest_pages import page
from local_server import Site, reply, serving

PAGES = 8


def _publish(site: Site) -> None:
    items = "".join(f"<item><title>Page {i}</title><link>/p{i}</link></item>" for i in range(PAGES))
    body = f"<rss><channel><title>Ister Post</title>{items}</channel></rss>".encode()
    site.routes["/rss"] = lambda h: reply(h, body, kind="application/rss+xml")
    for i in range(PAGES):
        markup = page(title=f"Page {i}").replace("ten days", f"{i + 2} days").encode()

        def answer(handler: object, markup: bytes = markup) -> None:
            time.sleep(0.15)
            reply(handler, markup)  # type: ignore[arg-type]

        site.routes[f"/p{i}"] = answer


def _command(feeds: Path, record: Path) -> list[str]:
    return [sys.executable, "-m", "demarche", "watch", str(feeds), "-o", str(record), "--once", "--allow-private",
            "--gap", "0"]  # fmt: skip


@pytest.mark.model
def test_a_killed_watch_ends_with_the_same_record(tmp_path: Path) -> None:
    with serving() as site:
        _publish(site)
        feeds = tmp_path / "feeds.toml"
        feeds.write_text(f'[[feed]]\naddress = "{site.url("/rss")}"\n')
        subprocess.run(_command(feeds, tmp_path / "whole"), check=True, capture_output=True, timeout=120)
        killed = subprocess.Popen(_command(feeds, tmp_path / "killed"), stderr=subprocess.PIPE)
        spool = tmp_path / "killed.watch" / "spool"
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and len(list(spool.glob("*.json")) if spool.is_dir() else []) < 3:
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert list(spool.glob("*.json"))
        before = site.paths().count("/p0")
        done = subprocess.run(_command(feeds, tmp_path / "killed"), check=True, capture_output=True, timeout=120)
        assert site.paths().count("/p0") == before  # fetched before the kill, not again
        assert list(spool.iterdir()) == []
    with Record.open(tmp_path / "whole") as whole, Record.open(tmp_path / "killed") as again:
        assert {coded.document.id for coded in whole.documents()} == {coded.document.id for coded in again.documents()}
        assert len(list(again.documents())) == PAGES
    assert sum(map(int, re.findall(rb"(\d+) (?:coded|already there)", done.stderr))) == PAGES
    log = [json.loads(line) for line in (tmp_path / "killed.watch" / "log.jsonl").read_text().splitlines()]
    assert {"looked", "article"} <= {line["what"] for line in log}
