"""Margins of a population and answers of participants: CSV files in, checked line by line.

margins: `question,answer,share`, one line an answer. The shares of a question lie between 0 and 1 and add up to 1,
rounding forgiven. answers: `participant,question,answer`, one line an answer given; who did not answer has no line.
Further columns are read over. Both in UTF-8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.csv_rows import CsvFile, FileRefused, Finding, read_csv

Answers = Mapping[str, Mapping[str, str]]
"""Participant, question, answer; what is missing was not answered."""

# Published shares are rounded: seven of them to whole percents may miss 1 by as much.
_ROUNDING = 0.035


class MarginsError(ValueError):
    """Margins that no weights can meet."""


@dataclass(frozen=True)
class Margin:
    """The answers to one question, sorted, and the share of the population that gives each; they add up to 1."""

    question: str
    answers: tuple[str, ...]
    shares: tuple[float, ...]

    @classmethod
    def of(cls, question: str, shares: Mapping[str, float]) -> "Margin":
        """A margin whose shares are scaled to add up to 1 exactly. Raises MarginsError where they miss it by more than
        rounding, or one lies outside 0 to 1."""
        for answer, share in shares.items():
            if not 0 <= share <= 1:
                raise MarginsError(f"'{question}', '{answer}': the share is {share}; it must lie between 0 and 1")
        total = sum(shares.values())
        if abs(total - 1) > _ROUNDING:
            raise MarginsError(f"'{question}': the shares add up to {total:.4g}; they must add up to 1")
        answers = sorted(shares)
        return cls(question, tuple(answers), tuple(float(shares[each] / total) for each in answers))


@dataclass(frozen=True)
class Population:
    """What participants are weighted to and by, as `Beside` takes it. file: where the margins stand, for messages."""

    margins: Mapping[str, Mapping[str, float]]
    answers: Answers
    file: Path


def read_population(margins: Path, answers: Path) -> Population:
    """Margins and answers in two files. Raises FileRefused, by file and line, for what does not fit."""
    shares = {each.question: dict(zip(each.answers, each.shares, strict=True)) for each in read_margins(margins)}
    return Population(shares, read_answers(answers), margins)


def read_margins(path: Path) -> tuple[Margin, ...]:
    """The margins in a file, sorted by question. Raises FileRefused, by file and line, for what does not fit."""
    shares: dict[str, dict[str, float]] = {}
    lines: dict[str, int] = {}
    for line, (question, answer, share) in _rows(path, "question", "answer", "share"):
        if answer in shares.setdefault(question, {}):
            raise FileRefused(f"'{question}', '{answer}' is there twice", path, line)
        shares[question][answer] = _share(share, path, line)
        lines.setdefault(question, line)
    if not shares:
        raise FileRefused("no margin: there is no line below the header", path, 1)
    return tuple(_margin(question, shares[question], path, lines[question]) for question in sorted(shares))


def read_answers(path: Path) -> dict[str, dict[str, str]]:
    """Each participant's answers in a file. Raises FileRefused, by file and line, for what does not fit."""
    answers: dict[str, dict[str, str]] = {}
    for line, (participant, question, answer) in _rows(path, "participant", "question", "answer"):
        own = answers.setdefault(participant, {})
        if own.setdefault(question, answer) != answer:
            raise FileRefused(f"participant {participant} has two answers to '{question}'", path, line)
    return answers


def _rows(path: Path, *names: str) -> list[tuple[int, list[str]]]:
    """The cells of these columns, none of them empty, with the line they stand on."""
    file = read_csv(path)
    header = file.header(*names)
    places = [header.index(name) for name in names]
    rows = []
    for line, cells in _all_rows(file, len(header)):
        wanted = [cells[place].strip() for place in places]
        if "" in wanted:
            raise FileRefused(f"no {names[wanted.index('')]}", path, line)
        rows.append((line, wanted))
    return rows


def _all_rows(file: CsvFile, width: int) -> list[tuple[int, list[str]]]:
    # A margin with an answer left out would weigh everybody wrongly, so nothing is skipped.
    skipped: list[Finding] = []
    rows = list(file.rows(width, skipped))
    if skipped:
        raise FileRefused(skipped[0].reason, file.path, skipped[0].line)
    return rows


def _share(text: str, path: Path, line: int) -> float:
    try:
        share = float(text)
    except ValueError:
        raise FileRefused(f"the share '{text}' is no number; write 0.25 for a quarter", path, line) from None
    if not 0 <= share <= 1:
        raise FileRefused(f"the share is {text}; it must lie between 0 and 1 (0.25 for a quarter)", path, line)
    return share


def _margin(question: str, shares: Mapping[str, float], path: Path, line: int) -> Margin:
    try:
        return Margin.of(question, shares)
    except MarginsError as error:
        raise FileRefused(str(error), path, line) from None
