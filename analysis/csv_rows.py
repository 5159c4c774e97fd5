"""The rows of a CSV file with the lines they stand on; what does not fit is listed, and reading goes on behind it.

UTF-8 with or without a byte order mark, any line ends, quoted texts over several lines where the file may have them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

Progress = Callable[[float], None]  # told now and then which share is done, 0 to 1

_MOST_BYTES = 512 * 2**20
_UNREADABLE = re.compile("[\0\udc80-\udcff]")  # NUL, and how Python writes bytes that are not UTF-8
_ROWS_BETWEEN_REPORTS = 20_000


class FileRefused(ValueError):  # noqa: N818 - a refusal is what the user is told
    """A file or folder that cannot be used at all."""

    def __init__(self, message: str, path: Path, line: int | None = None):
        super().__init__(":".join(str(part) for part in (path, line) if part is not None) + f": {message}")
        self.message = message
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Finding:
    """What is wrong with a line of a file: why its row was left out, or how it differs from another file."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class CsvFile:
    """A file's lines, each with its end. most_lines: how many one row may span; 1 where no text can hold a line end."""

    path: Path
    lines: list[str]
    is_text: bool  # UTF-8 all through, without NUL
    most_lines: int

    def header(self, *needed: str) -> list[str]:
        """The names of the columns. Raises FileRefused where a needed one is missing, or one is there twice."""
        names = [name.strip() for name in next(csv.reader(self.lines[:1]), [])]
        if missing := [name for name in needed if name not in names]:
            raise FileRefused(f"no column {', '.join(missing)}; is this the right file?", self.path, 1)
        if twice := [name for name in names if names.count(name) > 1]:
            raise FileRefused(f"the column '{twice[0]}' is there twice", self.path, 1)
        return names

    def rows(
        self, width: int, skipped: list[Finding], *, first: int = 2, progress: Progress | None = None
    ) -> Iterator[tuple[int, list[str]]]:
        """Each row of `width` cells with the line it begins on; what is no such row is added to `skipped`."""
        at, end = first - 1, len(self.lines)
        report_at = at + _ROWS_BETWEEN_REPORTS
        while at < end:
            line, number, at = self.lines[at], at + 1, at + 1
            if '"' in line:
                cells, taken, fault = self._quoted(number)
                at += taken - 1
            elif line.isspace():
                continue
            else:
                cells, fault = line.rstrip("\n").split(","), ""
            if not fault and len(cells) != width:
                fault = f"{len(cells)} cells where there should be {width}"
            if not self.is_text and any(_UNREADABLE.search(each) for each in self.lines[number - 1 : at]):
                fault = "not text in UTF-8"
            if fault:
                skipped.append(Finding(self.path.name, number, fault))
            else:
                yield number, cells
            if progress and at >= report_at:
                progress(at / end)
                report_at = at + _ROWS_BETWEEN_REPORTS

    def _quoted(self, number: int) -> tuple[list[str], int, str]:
        """The row that begins on this line, over how many lines it goes, and what is wrong with it."""
        reader = csv.reader(islice(self.lines, number - 1, number - 1 + self.most_lines), strict=True)
        try:
            return next(reader), reader.line_num, ""
        except csv.Error as error:
            # Where the row should have ended is anybody's guess: reading goes on with the next line.
            return [], 1, "a quote is not closed" if "end of data" in str(error) else str(error)


def read_csv(path: Path, most_lines: int = 1) -> CsvFile:
    """The file, read whole. Raises FileRefused where it is missing or absurdly large."""
    if not path.is_file():
        raise FileRefused("this file is missing", path)
    if path.stat().st_size > _MOST_BYTES:
        raise FileRefused(f"larger than {_MOST_BYTES // 2**20} MB", path, 1)
    # Bytes that are no UTF-8 become lone surrogates, so that only their own row falls out.
    text = path.read_bytes().decode("utf-8-sig", errors="surrogateescape")
    lines = list(io.StringIO(text, newline=None))  # splitlines() would also split at U+2028, which texts contain
    return CsvFile(path, lines, not _UNREADABLE.search(text), most_lines)
