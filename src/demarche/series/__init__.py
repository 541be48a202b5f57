"""Series: counts of happenings over time for a pair, an actor or a group, and what can be said of their trend.

`count_series(record, SeriesQuery(source="CHN", target="USA"))` counts; `rows_behind` lists what was counted.
"""

from demarche.series.beside import Beside, count_beside, import_series, list_beside
from demarche.series.calendar import By, bin_label, read_day
from demarche.series.counts import (
    Behind,
    Bin,
    EventBehind,
    Series,
    SeriesQuery,
    count_series,
    events_behind,
    log_ratio,
    rows_behind,
)
from demarche.series.parties import Group, Member, Party, find_party, load_groups, state_names
from demarche.series.plot import Mark, alt_text, draw_series
from demarche.series.tables import plain_series, plain_tension, table_of
from demarche.series.tension import (
    Direction,
    Mover,
    Scanned,
    Shift,
    Tension,
    Variant,
    measure_tension,
    scan_tensions,
)
from demarche.series.trend import Trend, judge_trend

__all__ = [
    "Behind", "Beside", "Bin", "By", "Direction", "EventBehind", "Group", "Mark", "Member", "Mover", "Party", "Scanned",
    "Series", "SeriesQuery", "Shift", "Tension", "Trend", "Variant", "alt_text", "bin_label", "count_beside",
    "count_series", "draw_series", "events_behind", "find_party", "import_series", "judge_trend", "list_beside",
    "load_groups", "log_ratio", "measure_tension", "plain_series", "plain_tension", "read_day", "rows_behind",
    "scan_tensions", "state_names", "table_of",
]  # fmt: skip
