"""Pairs and actors. For now an actor's and a pair's address leads to their rows."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from demarche.web.filters import read_filter
from demarche.web.site import Site

__all__ = ["add_routes"]


def add_routes(app: FastAPI, site: Site) -> None:
    """`/actor/{id}`, `/pair/{a}/{b}`."""

    @app.get("/actor/{identifier}", include_in_schema=False)
    def actor(identifier: str) -> Response:
        return RedirectResponse(read_filter([("actor", identifier)]).address(), status_code=303)

    @app.get("/pair/{one}/{other}", include_in_schema=False)
    def pair(one: str, other: str) -> Response:
        return RedirectResponse(read_filter([("pair", f"{one}~{other}")]).address(), status_code=303)
