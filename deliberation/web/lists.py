"""A list as a file at its own address: CSV that a spreadsheet opens safely, and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

# A spreadsheet runs a cell that begins with one of these as a formula, also where it is written wide or after a gap;
# and a statement may well begin with a dash.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def csv_response(rows: Iterable[Sequence[object]], name: str) -> Response:
    """Rows, the first of them the head, as the file `name`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    # With a byte order mark Excel reads the file as UTF-8.
    return _download("\ufeff" + text.getvalue(), name, "text/csv")


def json_response(value: Any, name: str) -> Response:
    """A value as the file `name`; text is taken to be JSON already and left as it is, byte for byte."""
    text = value if isinstance(value, (str, bytes)) else json.dumps(value, ensure_ascii=False, indent=1)
    return _download(text, name, "application/json")


def _cell(value: object) -> object:
    """The value; text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and (value.startswith(("\t", "\r")) or value.lstrip().startswith(_FORMULA_STARTS)):
        return "'" + value
    return "" if value is None else value


def _download(content: str | bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    # Shown in the browser; kept under this name where it is saved.
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
