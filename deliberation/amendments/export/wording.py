"""Plain sentences about an amendment and its evidence, for commits and for the report. In English, as specs are."""

from deliberation.amendments.figures import Count, Figures, GroupCount
from deliberation.amendments.models import Amendment, Kind, State

TO_BE_EDITED = "Wording to be edited: it is a participant's own."
AS_PUT = "Prompt and responses are those that were put to the public."

_SAID = {"agree": "agree", "disagree": "disagree"}


def provenance(amendment: Amendment) -> str:
    """Where the text comes from, and what is still to be done to it."""
    origin = "Suggested by the analysis of votes." if amendment.state == State.DRAFT else "Drafted from votes."
    return f"{origin} {TO_BE_EDITED if amendment.kind == Kind.RULE else AS_PUT}"


def judgement(figures: Figures) -> str:
    """What the public said of the statement."""
    return "The public agrees with" if figures.direction == "agree" else "The public disagrees with"


def placing(amendment: Amendment) -> str:
    """How the section was found."""
    how = {"by hand": "Placed by hand.", "prompt": "Placed by its sample prompt."}
    return how.get(amendment.placed) or f"Placed by similarity of wording, score {amendment.score or 0:.2f}."


def tally(count: Count, direction: str) -> str:
    """Share, interval and n in one line."""
    hits = count.agree if direction == "agree" else count.disagree
    return f"{hits} of {count.votes} {_SAID[direction]}, {percent(count.share)} ({interval(count)})"


def group_tally(group: GroupCount, direction: str) -> str:
    """A group's line; where no counts are told, only its leaning."""
    if group.count is None:
        return f"{group.label} ({untold(group)}) {leaning(group)}"
    dissenting = "" if group.holds_veto else ", too small to hold a veto"
    return f"{group.label}: {tally(group.count, direction)}{dissenting}"


def untold(group: GroupCount) -> str:
    """Why no counts of a group are told."""
    return "very small" if group.size is None else "untold beside a very small one"


def leaning(group: GroupCount) -> str:
    """Which way a group goes, without a number."""
    return {"agree": "leans to agree", "disagree": "leans to disagree", "neither": "leans neither way"}[group.leans]


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "no votes" if share is None else f"{share:.0%}"


def interval(count: Count) -> str:
    """The printed interval."""
    low, high = count.interval
    return f"{low:.0%} to {high:.0%}"


def bar(needs: float, has: float) -> str:
    """A comparison with the evidence bar; with as many digits as it takes to see the difference."""
    digits = next((n for n in (2, 3, 4, 6) if round(needs, n) != round(has, n)), 6)
    return f"needs more than {needs:.{digits}f}, has {has:.{digits}f}"


def evidence_lines(figures: Figures) -> list[str]:
    """Everybody, then each group."""
    everybody = f"Everybody: {tally(figures.everybody, figures.direction)}"
    return [everybody, *(group_tally(group, figures.direction) for group in figures.groups)]
