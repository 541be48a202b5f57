"""What every page shares: the record, the options, templates, and how a page or an error is made."""

from __future__ import annotations

import datetime
import functools
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from demarche import __version__
from demarche.errors import ConfigError, DemarcheError, InputError, StoreError
from demarche.resources import read_toml
from demarche.web.filters import Filter
from demarche.web.marks import plain, visible
from demarche.web.opened import Opened, Shelf
from demarche.web.options import WebOptions
from demarche.web.words import label, say

__all__ = ["NotThere", "Site", "static_names"]

STATUS = {
    "E501": 503, "E502": 503, "E503": 503, "E504": 503, "E505": 503, "E506": 503, "E507": 503, "E514": 503, "E515": 503,
    "E508": 404, "E509": 400, "E510": 400, "E511": 413, "E801": 503, "E802": 400, "E803": 404,
}  # fmt: skip
"""HTTP status of an error that reaches a page."""

KINDS: tuple[tuple[type[DemarcheError], int], ...] = ((ConfigError, 400), (InputError, 404), (StoreError, 503))
"""Status of the others by their class; 500 for the rest."""


class NotThere(DemarcheError):
    """The address is right, but what it names is not in this record."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__("E803", what, remedy=remedy)


@functools.cache
def static_names() -> dict[str, str]:
    """Every file under `static/` by name, with the start of its SHA-256: part of its address, so that it keeps."""
    root = files("demarche.web").joinpath("static")
    found: dict[str, str] = {}
    for folder in ("", "vendor/"):
        for entry in root.joinpath(folder).iterdir() if folder else root.iterdir():
            if entry.is_file():
                found[folder + entry.name] = hashlib.sha256(entry.read_bytes()).hexdigest()[:12]
    return found


def _static(name: str) -> str:
    return f"/static/{name}?v={static_names()[name]}"


def _host_of(url: str | None) -> str | None:
    """The host of an http(s) address; None for anything else, which is never a link."""
    if not url:
        return None
    try:
        parts = urlsplit(plain(url).strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} and parts.hostname else None


def _day(value: Any) -> str:
    """*3 May 2024*; empty where unknown."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value[:10])
        except ValueError:
            return plain(value)
    if not 1 <= value.year <= 9999:
        return str(value)
    return f"{value.day} {say(f'months.{value.month}')} {value.year}"


def _signed(value: float, form: str = "+.2f") -> str:
    """A number with its sign, the minus as wide as the plus."""
    return format(value, form).replace("-", "−")


def ticks(text: str) -> Markup:
    """Words of the program, in which `names` stand between backticks."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(plain(text)))))


def _finalize(value: Any) -> Any:
    """Everything a template prints: no invisible controls; None is empty."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _kind_of(schema: Mapping[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "enum" in schema:
        return " · ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " · ".join(dict.fromkeys(_kind_of(one) for one in schema["anyOf"] if one.get("type") != "null"))
    if schema.get("type") == "array":
        return f"{_kind_of(schema['items'])} …"
    return str(schema.get("type", ""))


class _Pages(Environment):
    """`row.copy` is the column of a row, not the method of the dict that holds it."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment() -> Environment:
    """The templates: escaped always, undefined names are errors."""
    env = _Pages(
        loader=PackageLoader("demarche.web", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_finalize,
    )  # fmt: skip
    env.globals |= {
        "say": say, "label": label, "static": _static, "version": __version__, "Filter": Filter,
        "no_filter": Filter(), "kind_of": _kind_of,
        "quad_of": {kind: facts["quad"] for kind, facts in read_toml("codebooks/plover.toml")["type"].items()},
    }  # fmt: skip
    env.filters |= {
        "day": _day,
        "host": _host_of,
        "visible": visible,
        "num": lambda n: f"{n:,}",
        "path": quote,
        "signed": _signed,
        "ticks": ticks,
    }
    return env


@dataclass(slots=True)
class Site:
    """Everything the routes need, made once."""

    options: WebOptions
    shelf: Shelf
    shared: bool
    templates: Environment = field(default_factory=environment)
    pages: frozenset[str] = frozenset()

    @property
    def opened(self) -> Opened:
        """The record as published last."""
        return self.shelf.current()

    @property
    def review_path(self) -> Path:
        """The file of reviews: beside the record, unless another was named."""
        return self.options.review or Path(f"{str(self.shelf.folder).rstrip('/')}.review.jsonl")

    @property
    def state(self) -> str:
        """Changes with everything that a page may show: the published record and the reviews."""
        try:
            found = self.review_path.stat()
            reviews = f"{found.st_mtime_ns}-{found.st_size}"
        except OSError:
            reviews = ""
        return f"{self.opened.state}-{reviews}"

    def page(self, request: Request | None, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """A page of `template`."""
        here = str(request.url.path) if request is not None else ""
        text = self.templates.get_template(template).render(
            here=here, site=self, options=self.options, record_name=self.shelf.folder.name, **facts
        )
        return HTMLResponse(text, status_code=status)

    def failure(self, error: DemarcheError, path: str) -> Response:
        """An error as a page, or as JSON under /api, with what to do about it."""
        unread = 400 if error.code.startswith("E1") else None
        status = STATUS.get(error.code) or unread or next((n for kind, n in KINDS if isinstance(error, kind)), 500)
        where = error.where if error.where and not self.shared else None
        headers = {"retry-after": "10"} if status == 503 else {}
        if path.startswith("/api"):
            body = {"code": error.code, "what": error.what, "where": where, "remedy": error.remedy}
            return JSONResponse(body, status_code=status, headers=headers)
        title = say(f"error.{status}") if status in {400, 403, 404, 413, 503} else say("error.500")
        answer = self.page(None, "error.html", status=status, title=title, code=error.code, what=error.what,
                           where=where, remedy=error.remedy)  # fmt: skip
        answer.headers.update(headers)
        return answer

    def refusal(self, status: int, key: str, facts: Mapping[str, str], path: str) -> Response:
        """A request that is not answered, as a page or as JSON."""
        headers = {"retry-after": facts["seconds"]} if "seconds" in facts else {}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        if path.startswith("/api"):
            what = html.unescape(str(say(f"refusal.{key}.title")))
            remedy = html.unescape(str(say(f"refusal.{key}.remedy", **facts)))
            return JSONResponse({"code": key, "what": what, "where": None, "remedy": remedy},
                                status_code=status, headers=headers)  # fmt: skip
        answer = self.page(None, "refusal.html", status=status, key=key, facts=facts)
        answer.headers.update(headers)
        return answer
