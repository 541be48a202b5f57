"""What a chart shows, as plain values for the page's script; the same numbers stand in the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any
from urllib.parse import quote

from demarche.records import Quad
from demarche.series import Bin, Series, bin_label
from demarche.web.filters import Filter
from demarche.web.words import label, say

__all__ = ["band_of", "partner_nodes", "place_points", "series_chart"]

MOST_PARTNERS = 16
"""More would write over each other."""
GOLDEN = (sqrt(5) - 1) / 2


def band_of(one: Bin) -> tuple[float, float] | None:
    """The index of a bin with 1.96 standard errors of a log ratio of two counts; None where it has no index.

    Citation: variance 1/(C + ½) + 1/(K + ½), Haldane 1956, Annals of Human Genetics 20:309.
    """
    if one.index is None:
        return None
    error = 1.96 * sqrt(1 / (one.conflict + 0.5) + 1 / (one.cooperation + 0.5))
    return one.index - error, one.index + error


def partner_nodes(partners: Sequence[Mapping[str, Any]], side: str) -> list[dict[str, Any]]:
    """The busiest partners as marks of the network, each with the address of its pair.

    They stand around in steps of the golden angle, so that the large ones are not side by side.
    """
    shown = partners[:MOST_PARTNERS]
    order = sorted(range(len(shown)), key=lambda i: i * GOLDEN % 1)
    return [
        {
            "name": one["party"].name, "n": one["n"], "conflict": one["conflict"], "cooperation": one["cooperation"],
            "address": f"/pair/{quote(side, safe='')}/{quote(one['other'], safe='')}",
        }
        for one in (shown[i] for i in order)
    ]  # fmt: skip


def place_points(places: Sequence[Mapping[str, Any]], chosen: Filter) -> list[dict[str, Any]]:
    """Places as points of the map, each with the address of its rows."""
    return [
        {"name": p["name"], "lat": p["lat"], "lon": p["lon"], "n": p["n"], "address": chosen.address(place=p["id"])}
        for p in places
    ]


def series_chart(series: Series, rows_address: str) -> dict[str, Any]:
    """Bars by kind of act and the index with its band. rows_address: lists the events of a bin, less its first day."""
    bins: Sequence[Bin] = series.bins
    bands = [band_of(one) for one in bins]
    return {
        "title": series.title,
        "labels": [bin_label(one.start, series.query.by) for one in bins],
        "starts": [one.start.isoformat() for one in bins],
        "gaps": [one.gap for one in bins],
        "bars": [
            {
                "key": str(quad),
                "name": label("quad", quad),
                "values": [None if b.gap else b.quads.get(quad, 0) for b in bins],
            }
            for quad in Quad
        ],
        "index": [None if b.index is None else round(b.index, 4) for b in bins],
        "low": [None if band is None else round(band[0], 4) for band in bands],
        "high": [None if band is None else round(band[1], 4) for band in bands],
        "rows": rows_address,
        "words": {
            key: str(say(f"chart.{key}")) for key in ("events", "index", "band", "gap", "conflict", "cooperation")
        },
    }
