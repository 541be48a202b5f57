"""Series: counts of happenings over time for a pair, an actor or a group, and what can be said of their trend.

`count_series(record, SeriesQuery(source="CHN", target="USA"))` counts; `rows_behind` lists what was counted.
"""

from demarche.series.calendar import By, bin_label, read_day
from demarche.series.counts import Behind, Bin, EventBehind, Series, SeriesQuery, count_series, log_ratio, rows_behind
from demarche.series.parties import Group, Member, Party, find_party, load_groups, state_names
from demarche.series.tables import plain_series, table_of

__all__ = [
    "Behind", "Bin", "By", "EventBehind", "Group", "Member", "Party", "Series", "SeriesQuery", "bin_label",
    "count_series", "find_party", "load_groups", "log_ratio", "plain_series", "read_day", "rows_behind", "state_names",
    "table_of",
]  # fmt: skip
