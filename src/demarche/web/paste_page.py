"""Read an article that is pasted or uploaded: its record at once, nothing stored. Off on a shared address."""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from demarche.errors import DemarcheError, InputError
from demarche.ingest import FetchOptions, Limits, ReadOptions, read_inputs
from demarche.pipeline import Models, code_batch, load_models
from demarche.records import Article, CodedDocument, Rejection
from demarche.web.article_pages import article_view, party_table
from demarche.web.filters import read_day
from demarche.web.site import NotThere, Site
from demarche.web.words import say

__all__ = ["Desk", "Job", "add_routes"]

KEPT_SECONDS = 900.0
KEPT_JOBS = 20
SUFFIXES = {".html", ".htm", ".txt", ".md", ".eml", ".pdf"}


@dataclass(slots=True)
class Job:
    """One article being read. stage: waiting, models, reading, coding, done."""

    id: str
    born: float
    stage: str = "waiting"
    coded: CodedDocument | None = None
    error: DemarcheError | None = None
    changed: threading.Event = field(default_factory=threading.Event)


class Desk:
    """Reads one article at a time in a thread of its own. Results are held in memory for a quarter of an hour."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._models: Models | None = None

    def start(self, data: bytes, name: str, date: str | None) -> Job:
        """Begin to read. name: its ending says what the bytes are."""
        job = Job(id=secrets.token_urlsafe(16), born=time.monotonic())
        with self._lock:
            self._forget()
            self._jobs[job.id] = job
        threading.Thread(target=self._read, args=(job, data, name, date), daemon=True).start()
        return job

    def find(self, identifier: str) -> Job | None:
        """The job, while it is kept."""
        with self._lock:
            self._forget()
            return self._jobs.get(identifier)

    def _forget(self) -> None:
        now = time.monotonic()
        for key in [k for k, job in self._jobs.items() if now - job.born > KEPT_SECONDS]:
            del self._jobs[key]
        while len(self._jobs) > KEPT_JOBS:
            self._jobs.popitem(last=False)

    def _stage(self, job: Job, stage: str) -> None:
        job.stage = stage
        job.changed.set()

    def _read(self, job: Job, data: bytes, name: str, date: str | None) -> None:
        try:
            with self._turn:
                if self._models is None:
                    self._stage(job, "models")
                    self._models = load_models()
                self._stage(job, "reading")
                article = _article(data, name, date)
                self._stage(job, "coding")
                [found] = code_batch([article], self._models)
            if isinstance(found, Rejection):
                raise InputError(found.code, found.reason)
            job.coded = found
        except DemarcheError as error:
            job.error = error
        except Exception as error:  # whatever a stranger's bytes bring about must not end the server
            job.error = InputError("E800", f"the article could not be read: {type(error).__name__}")
        self._stage(job, "done")


def _article(data: bytes, name: str, date: str | None) -> Article:
    with tempfile.TemporaryDirectory(prefix="demarche-paste-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        options = ReadOptions(date=date, fetch=FetchOptions(allowed=False), limits=Limits(parse_seconds=15.0))
        found = next(iter(read_inputs([str(path)], options)), None)
    if isinstance(found, Rejection):
        raise InputError(found.code, found.reason)
    if found is None:
        raise InputError("E103", "there is nothing in it")
    return found


def _event(job: Job) -> str:
    words = say(f"paste.stage.{job.stage}")
    return f"event: {'done' if job.stage == 'done' else 'stage'}\ndata: {words}\n\n"


def _progress(job: Job) -> Iterator[str]:
    """Server-sent events: each stage as it begins, until the article is read."""
    seen = ""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if job.stage != seen:
            seen = job.stage
            yield _event(job)
            if seen == "done":
                return
        job.changed.wait(timeout=1.0)
        job.changed.clear()


def add_routes(app: FastAPI, site: Site) -> None:
    """`/paste`, where it is on."""
    if not site.options.paste:
        return
    desk = Desk()

    @app.get("/paste", include_in_schema=False)
    def form(request: Request) -> Response:
        return site.page(request, "paste.html", opened=site.opened, error=None)

    @app.post("/paste", include_in_schema=False)
    def paste(request: Request, text: str = Form(""), date: str = Form(""), file: UploadFile | None = None) -> Response:
        try:
            data, name = _given(text, file)
            day = read_day("date", date.strip()) if date.strip() else None
        except DemarcheError as error:
            return site.page(request, "paste.html", status=400, opened=site.opened, error=error)
        return RedirectResponse(f"/paste/{desk.start(data, name, day).id}", status_code=303)

    @app.get("/paste/{identifier}", include_in_schema=False)
    def result(request: Request, identifier: str) -> Response:
        job = _job(identifier)
        if job.stage != "done":
            return site.page(
                request, "paste_wait.html", opened=site.opened, job=job, words=say(f"paste.stage.{job.stage}")
            )
        if job.error is not None:
            raise InputError(job.error.code, job.error.what, remedy=job.error.remedy)
        assert job.coded is not None  # done without an error
        view = article_view(job.coded, party_table(job.coded))
        return site.page(request, "article.html", opened=site.opened, view=view, document=job.coded.document, lit="",
                         copies=[], pasted=True)  # fmt: skip

    @app.get("/paste/{identifier}/progress", include_in_schema=False)
    def progress(identifier: str) -> Response:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_progress(_job(identifier)), media_type="text/event-stream", headers=headers)

    def _job(identifier: str) -> Job:
        job = desk.find(identifier)
        if job is None:
            raise NotThere("this reading is gone: nothing that is pasted is stored", "paste the article again")
        return job


def _given(text: str, file: UploadFile | None) -> tuple[bytes, str]:
    """The bytes to read, and a name of our own that says what they are."""
    if file is not None and file.filename:
        suffix = Path(file.filename).suffix.lower()
        if suffix not in SUFFIXES:
            advice = f"give one of: {', '.join(sorted(SUFFIXES))}"
            raise InputError("E104", "that kind of file is not read here", remedy=advice)
        return file.file.read(), f"pasted{suffix}"
    if not text.strip():
        raise InputError("E103", "there is no text", remedy="paste an article, or choose a file")
    html = text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<article", "<body", "<head"))
    return text.encode("utf-8", "replace"), f"pasted{'.html' if html else '.txt'}"
