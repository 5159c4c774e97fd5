"""The findings by section of the spec: how many statements of each class, and where nobody was asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from deliberation.results.findings import Classes, Finding

_SHADES = 3


@dataclass(frozen=True)
class Count:
    """A number in the table; shade: 0 for none, up to 3 for the largest numbers of its kind."""

    number: int
    shade: int


@dataclass(frozen=True)
class SectionRow:
    """A section, and the statements that concern it."""

    id: str
    title: str
    asked: int
    agreed: Count
    rejected: Count
    contested: Count
    open: int
    votes: int


def by_section(classes: Classes, at_stake: Iterable[tuple[str, str]]) -> list[SectionRow]:
    """A row for each section at stake, as (id, title), in their order, then for further ones that statements name."""
    lists = (classes.agreed, classes.rejected, classes.contested, (*classes.uncertain, *classes.too_few))
    every = [finding for found in lists for finding in found if finding.source.section]
    titles = dict(at_stake) | {each.source.section or "": each.source.section_title or "" for each in every}
    numbers = {section: [_number(found, section) for found in lists] for section in titles}
    most = [max((row[kind] for row in numbers.values()), default=0) for kind in range(3)]
    return [
        SectionRow(
            id=section,
            title=titles[section],
            asked=sum(row),
            agreed=_shaded(row[0], most[0]),
            rejected=_shaded(row[1], most[1]),
            contested=_shaded(row[2], most[2]),
            open=row[3],
            votes=sum(each.bars[-1].votes for each in every if each.source.section == section),
        )
        for section, row in numbers.items()
    ]


def _number(found: Iterable[Finding], section: str) -> int:
    return sum(each.source.section == section for each in found)


def _shaded(number: int, most: int) -> Count:
    return Count(number, -(-number * _SHADES // most) if number else 0)
