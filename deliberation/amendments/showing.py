"""Amendments and findings as pages show them: evidence with its bars, the edit as a redline, facts in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.consensus import StatementClass
from analysis.intervals import wilson
from deliberation.amendments.evidence_bar import BARS
from deliberation.amendments.export.series import edit_of
from deliberation.amendments.figures import Count, Figures, GroupCount
from deliberation.amendments.models import Amendment, Kind
from deliberation.amendments.redline import Part, Spoken, around, spoken
from deliberation.amendments.suggesting import Entry, Suggested
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.results.charts import Bar
from deliberation.spec.reading import document_of
from deliberation.spec.text.document import Authority


@dataclass(frozen=True)
class Evidence:
    """A statement's figures with the bars that draw them. `uncounted`: groups with a leaning alone."""

    figures: Figures
    bars: tuple[Bar, ...]
    uncounted: tuple[GroupCount, ...]
    needs: float | None  # of everybody's lower end, where a section's authority decides
    answer: str | None = None  # the key of the candidate response that the statement is about


@dataclass(frozen=True)
class Shown:
    """An amendment with all that its page tells."""

    amendment: Amendment
    title: str
    language: str
    parts: list[Part]
    spoken: list[Spoken]
    evidence: list[Evidence]


@dataclass(frozen=True)
class Listed:
    """An entry of a round of suggesting, with its evidence."""

    entry: Entry
    evidence: Evidence


def show(amendment: Amendment) -> Shown:
    """An amendment as its page shows it; statements declined since are left out of the evidence."""
    edit = edit_of(amendment)
    lead = amendment.evidence[0].statement
    is_example = amendment.kind == Kind.EXAMPLE
    title = lead.response.prompt.title if is_example and lead.response else lead.text
    authority = amendment.section.authority
    return Shown(
        amendment=amendment,
        title=title,
        language=lead.language or lead.deliberation.language,
        parts=around(document_of(amendment.release), edit),
        spoken=spoken(edit, _answers(lead)) if is_example else [],
        evidence=[
            replace(evidence(Figures.model_validate(each.figures), authority), answer=_answer(each.statement))
            for each in amendment.evidence
            if each.statement.is_votable
        ],
    )


def listed(suggested: Suggested, name: str, deliberation: Deliberation) -> list[Listed]:
    """One of a round's lists; without statements that were declined since."""
    votable = {statement.key for statement in deliberation.statements if statement.is_votable}
    entries: Sequence[Entry] = getattr(suggested, name)
    return [
        Listed(entry, evidence(Figures.model_validate(entry["figures"]), entry.get("authority")))
        for entry in entries
        if entry["statement"] in votable
    ]


def evidence(figures: Figures, authority: str | None) -> Evidence:
    """A statement's figures, with the line that a section's authority draws for everybody."""
    needs = BARS[Authority(authority)] if authority else None
    return Evidence(
        figures=figures,
        bars=tuple(_bars(figures, needs)),
        uncounted=tuple(group for group in figures.groups if group.count is None),
        needs=needs,
    )


def _answers(statement: Statement) -> dict[str, str]:
    """The keys of the responses to a statement's prompt, by their text as an example holds it."""
    responses = statement.response.prompt.responses if statement.response else []
    return {response.text.strip(): response.key for response in responses}


def _answer(statement: Statement) -> str | None:
    return statement.response.key if statement.response else None


def _bars(figures: Figures, needs: float | None) -> Iterator[Bar]:
    """A row a group and everyone last. Where groups differ, each row points where its group leans."""
    is_contested = figures.verdict is StatementClass.CONTESTED
    line = figures.rule["contested_above" if is_contested else "consensus_in_each"]
    for group in figures.groups:
        if group.count is not None:
            direction = "disagree" if is_contested and group.leans == "disagree" else figures.direction
            name = "" if group.label == f"Group {group.id}" else group.label
            yield _bar(group.count, figures, (group.id, name, direction), line if group.holds_veto else None)
    overall = None if is_contested else max(needs or 0, figures.rule["consensus_overall"])
    yield _bar(figures.everybody, figures, (None, "", figures.direction), overall)


def _bar(count: Count, figures: Figures, named: tuple[str | None, str, str], threshold: float | None) -> Bar:
    group, name, direction = named
    whole = max(count.votes, 1)
    # The interval that was kept is of the evidence's direction; a row that points elsewhere has its own.
    low, high = count.interval if direction == figures.direction else _interval(count, figures)
    return Bar(
        group=group,
        name=name,
        direction=direction,
        agree=count.agree / whole,
        passed=count.passed / whole,
        disagree=count.disagree / whole,
        low=low,
        high=high,
        votes=count.votes,
        threshold=threshold,
    )


def _interval(count: Count, figures: Figures) -> tuple[float, float]:
    hits = count.disagree if figures.direction == "agree" else count.agree
    low, high = wilson(hits, count.votes, figures.rule["confidence"])
    return float(low), float(high)
