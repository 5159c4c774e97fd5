"""Lines of a text as CommonMark counts them, and the offsets they begin and end at."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from deliberation.spec.text.document import Span

# Not str.splitlines: it also breaks at form feeds and other characters that are text to CommonMark.
_BREAK = re.compile(r"\r\n?|\n")


class Lines:
    """Line numbers here count from 0, as in parser tokens; a `Span` made from them counts from 1."""

    def __init__(self, text: str):
        self.text = text
        breaks = [match.span() for match in _BREAK.finditer(text)]
        if not breaks or breaks[-1][1] < len(text):
            breaks.append((len(text), len(text)))
        self._ends = [start for start, _ in breaks]
        self._nexts = [end for _, end in breaks]
        self._starts = [0, *self._nexts[:-1]]
        self.newline = next((match.group() for match in _BREAK.finditer(text)), "\n")

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, line: int) -> str:
        return self.text[self._starts[line] : self._ends[line]]

    def start(self, line: int) -> int:
        return self._starts[line]

    def end(self, line: int) -> int:
        """Where the line's characters end, before its line break."""
        return self._ends[line]

    def following(self, line: int) -> int:
        """Where the next line starts, or the text ends."""
        return self._nexts[line]

    def is_blank(self, line: int) -> bool:
        return not self[line].strip(" \t")

    def last_filled(self, line: int, floor: int) -> int:
        """The nearest line at or before `line` that is not blank, but never before `floor`."""
        while line > floor and self.is_blank(line):
            line -= 1
        return line

    def span(self, lines: Sequence[int]) -> Span:
        """From the first of `[first, end)` to the last filled one, without its line break."""
        first, last = lines[0], self.last_filled(lines[1] - 1, lines[0])
        return Span(self._starts[first], self._ends[last], first + 1, last + 1)

    def between(self, start: int, end: int) -> Span:
        """The span of two offsets."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return Span(start, end, first + 1, last + 1)
