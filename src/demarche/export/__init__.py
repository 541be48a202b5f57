"""Export: a record in the forms that other programs read, each with what it cannot hold beside it.

`write_export(record, "icews", folder)`; forms: POLECAT (plover), ICEWS, GDELT 1 and 2, CAMEO text, CSV, Parquet,
JSON-LD with Web Annotations and PROV.
"""

from demarche.export.cells import plain_cell, read_cell, read_csv, safe_cell
from demarche.export.coded import FORMS, CodedForm
from demarche.export.write import EXPORTS, Written, write_export

__all__ = [
    "EXPORTS",
    "FORMS",
    "CodedForm",
    "Written",
    "plain_cell",
    "read_cell",
    "read_csv",
    "safe_cell",
    "write_export",
]
