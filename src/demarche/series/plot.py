"""A series as a figure: index with its interval, counts, gaps, level shifts, marked events. SVG or PNG, with alt text.

The colours are those of the pages; hatching and lightness tell the same in grey.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np

from demarche.errors import ConfigError, StoreError
from demarche.records import Quad
from demarche.series.counts import Bin, Series
from demarche.series.tension import Direction, Tension

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Mark", "alt_text", "draw_series"]

INK, MUTED, LINE, PAPER = "#1b2127", "#5a646e", "#dfe1e0", "#ffffff"
LOOKS = {
    Quad.VERBAL_COOPERATION: ("#9fcbe8", "", "cooperation in words"),
    Quad.MATERIAL_COOPERATION: ("#0a5a96", "", "cooperation in deeds"),
    Quad.VERBAL_CONFLICT: ("#f3c46b", "//", "conflict in words"),
    Quad.MATERIAL_CONFLICT: ("#c04a12", "xx", "conflict in deeds"),
}
"""Colour, hatch and name of each quad: words lighter than deeds, conflict hatched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An event to mark, with a few words."""

    day: datetime.date
    words: str


def draw_series(found: Series | Tension, path: Path, *, marks: Sequence[Mark] = ()) -> str:
    """Draw a series, or a tension with its shifts and its line, to `path`; returns the alt text that the file carries.

    Raises:
        ConfigError: E616 neither .svg nor .png.
        StoreError: E503, E504.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise ConfigError("E616", f"{path.name!r} is neither .svg nor .png", remedy="name the picture so")
    tension = found if isinstance(found, Tension) else None
    series = tension.series if tension is not None else found
    assert isinstance(series, Series)
    words = alt_text(found, marks)
    figure = _figure(series, tension, marks)
    try:
        _save(figure, path, series.title, words)
    except OSError as error:
        full = error.errno in {28, 122}
        what = "the disk is full" if full else f"cannot write here: {error.strerror or error}"
        raise StoreError("E504" if full else "E503", what, where=str(path)) from error
    return words


def alt_text(found: Series | Tension, marks: Sequence[Mark] = ()) -> str:
    """What the figure shows, in words, for who does not see it."""
    tension = found if isinstance(found, Tension) else None
    series: Series = tension.series if tension is not None else found  # type: ignore[assignment]
    known = [one for one in series.bins if one.index is not None]
    words = [f"{series.title} by {series.query.by}, {series.since} to {series.until}:"
             f" {series.events} events in {len(series.bins)} bins."]  # fmt: skip
    if known:
        highest, lowest = (pick(known, key=lambda one: one.index or 0.0) for pick in (max, min))
        words.append(
            f"The log ratio of conflict to cooperation lies between {lowest.index:+.2f} ({lowest.start}) and"
            f" {highest.index:+.2f} ({highest.start})."
        )
    if series.gaps:
        words.append(f"In {series.gaps} bins nothing was read.")
    if tension is not None:
        words.append(tension.sentence)
        words += [f"The level shifts around {s.day}, from {s.before:+.2f} to {s.after:+.2f}." for s in tension.shifts]
    words += [f"Marked: {mark.day}, {mark.words}." for mark in marks]
    return " ".join(words)


def _figure(series: Series, tension: Tension | None, marks: Sequence[Mark]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 6.0), layout="constrained", facecolor=PAPER)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    for axes in (above, below):
        _plain(axes)
        _gaps(axes, series.bins)
    _index(above, series)
    if tension is not None:
        _trend(above, series, tension)
    _counts(below, series.bins)
    above.set_xlim(_at(series.bins[0].start), _at(series.bins[-1].end))
    _marks(above, marks)
    above.set_title(series.title, loc="left", fontsize=13, color=INK, fontweight="bold")
    note = f"{series.rules}. Band: 95 % interval of each bin's ratio."
    note = "\n".join([*(f"{n}  {mark.day}  {_short(mark.words)}" for n, mark in enumerate(marks, 1)), note])
    figure.supxlabel(note, fontsize=7.5, color=MUTED, x=0.01, ha="left")
    return figure


def _plain(axes: Axes) -> None:
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(MUTED)
    axes.tick_params(colors=MUTED, labelsize=8.5)
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)


def _gaps(axes: Axes, bins: Sequence[Bin]) -> None:
    """Bins in which nothing was read: hatched, so that nobody takes them for zeros."""
    label = "nothing read"
    for one in bins:
        if one.gap:
            axes.axvspan(_at(one.start), _at(one.end), facecolor="#f0f0ed", edgecolor="#c5c9cb", hatch="....",
                         linewidth=0, label=label)  # fmt: skip
            label = "_nolegend_"


def _at(day: datetime.date) -> float:
    from matplotlib.dates import date2num

    return float(date2num(day))  # type: ignore[no-untyped-call]


def _middle(one: Bin) -> float:
    return (_at(one.start) + _at(one.end)) / 2


def _bounds(one: Bin) -> tuple[float, float]:
    """95 % of the log odds under Jeffreys' prior, whose centre is the index (Brown, Cai and DasGupta 2001)."""
    from scipy.stats import beta

    shares = beta.ppf([0.025, 0.975], one.conflict + 0.5, one.cooperation + 0.5)
    low, high = np.log(shares / (1 - shares))
    return float(low), float(high)


def _index(axes: Axes, series: Series) -> None:
    known = [one for one in series.bins if one.index is not None]
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("log(conflict / cooperation)", fontsize=9, color=MUTED)
    if not known:
        axes.text(0.5, 0.5, "no events", transform=axes.transAxes, ha="center", color=MUTED)
        return
    for stretch in _stretches(series.bins):
        x = [_middle(one) for one in stretch]
        if len(stretch) > 1:
            bounds = np.array([_bounds(one) for one in stretch])
            axes.fill_between(x, bounds[:, 0], bounds[:, 1], color="#1d5d86", alpha=0.16, linewidth=0)
        else:
            low, high = _bounds(stretch[0])
            axes.vlines(x, low, high, color="#1d5d86", alpha=0.3, linewidth=3)
        dots = "o" if len(series.bins) < 80 else ""
        axes.plot(
            x,
            [one.index or 0.0 for one in stretch],
            color="#1d5d86",
            linewidth=1.6,
            marker=dots or None,
            markersize=3.5,
        )
    reach = max(1.0, *(abs(one.index or 0.0) for one in known))
    widest = max(max(map(abs, _bounds(one))) for one in known)
    axes.set_ylim(-min(widest, reach + 2.0) - 0.2, min(widest, reach + 2.0) + 0.2)
    axes.text(0.995, 0.97, "more conflict ↑", transform=axes.transAxes, ha="right", va="top", fontsize=8, color=MUTED)
    axes.text(0.995, 0.03, "more cooperation ↓", transform=axes.transAxes, ha="right", va="bottom", fontsize=8,
              color=MUTED)  # fmt: skip


def _stretches(bins: Sequence[Bin]) -> list[list[Bin]]:
    """Runs of neighbouring bins that have an index: a line never bridges a gap."""
    found: list[list[Bin]] = [[]]
    for one in bins:
        if one.index is not None:
            found[-1].append(one)
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _trend(axes: Axes, series: Series, tension: Tension) -> None:
    for shift in tension.shifts:
        axes.axvline(_at(shift.day), color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.annotate(f"shift ±4 weeks\n{shift.before:+.1f} → {shift.after:+.1f}", (_at(shift.day), 0.98),
                      xycoords=("data", "axes fraction"), xytext=(4, 0), textcoords="offset points", va="top",
                      fontsize=8, color=INK)  # fmt: skip
    if tension.direction in (Direction.RISING, Direction.FALLING) and tension.slope is not None:
        known = [(_middle(one), one.index) for one in series.bins if one.index is not None]
        x = np.array([at for at, _ in known])
        a_day = np.log1p(tension.slope / 100) / 30.4375
        y = a_day * (x - x.mean())
        y += float(np.median(np.array([index for _, index in known]) - y))
        axes.plot(x, y, color=INK, linewidth=1.4, linestyle="-.", label=f"Sen slope {tension.slope:+.2g} % a month")
        axes.legend(handles=axes.lines[-1:], loc="upper left", fontsize=8, frameon=False)


def _counts(axes: Axes, bins: Sequence[Bin]) -> None:
    """Conflict upwards, cooperation downwards, from one foot."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    x = [_at(one.start) for one in bins]
    widths = [(one.end - one.start).days * 0.92 for one in bins]
    for way, quads in ((1, (Quad.VERBAL_CONFLICT, Quad.MATERIAL_CONFLICT)),
                       (-1, (Quad.VERBAL_COOPERATION, Quad.MATERIAL_COOPERATION))):  # fmt: skip
        foot = np.zeros(len(bins))
        for quad in quads:
            heights = np.array([0 if one.gap else one.quads.get(quad, 0) for one in bins], dtype=float)
            colour, hatch, name = LOOKS[quad]
            dense: dict[str, Any] = {"edgecolor": colour, "linewidth": 0.0}
            look = dense if len(bins) > 200 else {"hatch": hatch, "edgecolor": INK, "linewidth": 0.3}
            axes.bar(x, way * heights, widths, bottom=way * foot, align="edge", color=colour, label=name, **look)
            foot += heights
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("events", fontsize=9, color=MUTED)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    axes.legend(loc="upper left", fontsize=8, frameon=False, ncols=5, bbox_to_anchor=(0, -0.12))
    axes.xaxis_date()
    if bins:
        axes.set_xlim(_at(bins[0].start), _at(bins[-1].end))


def _marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Numbered triangles on the foot; their words stand under the figure. Close ones are lifted over each other."""
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    taken: list[tuple[float, int]] = []
    for number, mark in enumerate(marks, 1):
        at = _at(mark.day)
        level = 0
        while any(abs(at - other) < (right - left) / 45 and level == height for other, height in taken):
            level += 1
        taken.append((at, level))
        foot = low + level * (high - low) * 0.06
        axes.plot([at], [foot], marker="^", markersize=9, color=INK, clip_on=False, zorder=5)
        axes.annotate(str(number), (at, foot), xytext=(8, -1), textcoords="offset points", va="bottom", fontsize=8,
                      color=INK, fontweight="bold")  # fmt: skip


def _short(words: str, most: int = 90) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _save(figure: Any, path: Path, title: str, words: str) -> None:
    """Write the figure with its words (`<desc>` in SVG, `Description` in PNG), the same bytes each time."""
    import io

    import matplotlib as mpl

    out = io.BytesIO()
    if path.suffix.lower() == ".png":
        figure.savefig(
            out, format="png", dpi=150, metadata={"Title": title, "Description": words, "Software": "demarche"}
        )
        path.write_bytes(out.getvalue())
        return
    with mpl.rc_context({"svg.hashsalt": "demarche", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "demarche"})
    head, rest = out.getvalue().decode("utf-8").split("<svg ", 1)
    attributes, body = rest.split(">", 1)
    named = (f'<svg role="img" aria-labelledby="title desc" {attributes}>\n <title id="title">{escape(title)}</title>\n'
             f' <desc id="desc">{escape(words)}</desc>{body}')  # fmt: skip
    path.write_text(head + named, encoding="utf-8")
