"""What the votes say of one statement, frozen as it stood in a run: the evidence that an amendment keeps."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis.consensus import StatementClass
from analysis.intervals import Estimate
from analysis.moments import Direction, Tally
from analysis.result import Analysis, Group
from analysis.result import Statement as Found
from deliberation.deliberations.models import Statement
from deliberation.results.models import Run

Leaning = Literal["agree", "disagree", "neither"]

# Of a smaller group it is only said that it exists and which way it leans: its counts would tell of single people.
SMALLEST_COUNTED = 10

# What decides a statement's class; the other parameters of a run stand in the run.
_RULE = (
    "confidence",
    "consensus_overall",
    "consensus_across",
    "consensus_in_each",
    "contested_above",
    "veto_share",
    "veto_people",
    "fewest_votes",
    "fewest_votes_in_group",
)


class Frozen(BaseModel):
    """A value that is stored as JSON and read back as it was."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")


class Count(Frozen):
    """Votes on a statement; the share is of those in the evidence's direction, passes included in the whole."""

    votes: int
    agree: int
    disagree: int
    passed: int = Field(validation_alias="pass", serialization_alias="pass")
    share: float | None
    interval: tuple[float, float]


class GroupCount(Frozen):
    """An opinion group's votes; of a very small one only its leaning, and so of one whose counts would give it away."""

    id: str
    label: str
    holds_veto: bool
    leans: Leaning
    size: int | None
    count: Count | None


class GivenReason(Frozen):
    """Why somebody voted the other way, in their own words."""

    text: str
    language: str
    group: str | None


class Conviction(Frozen):
    """A statement that tells a group apart."""

    statement: str
    text: str
    language: str
    direction: Direction


class GroupAgainst(Frozen):
    """A group that leans the other way, and what else it stands for."""

    id: str
    label: str
    stands_for: list[Conviction]


class Dissent(Frozen):
    """What speaks against: reasons in the minority's words, and the groups that lean the other way."""

    votes: int
    reasons: list[GivenReason]
    reasons_given: int
    groups: list[GroupAgainst]


class Figures(Frozen):
    """One statement's evidence: verbatim, with its votes, the rule in force, and the dissent."""

    statement: str
    text: str
    language: str
    direction: Direction
    verdict: StatementClass = Field(validation_alias="class", serialization_alias="class")
    everybody: Count
    groups: list[GroupCount]
    across: float | None
    across_interval: tuple[float, float]
    run: int
    method: str
    digest: str
    structure: str
    classes_by: str
    rule: dict[str, float]
    dissent: Dissent

    @property
    def low(self) -> float:
        """The lower end over everybody: what the evidence bar is held against."""
        return self.everybody.interval[0]

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return self.model_dump(mode="json", by_alias=True)


def freeze(run: Run, analysis: Analysis, statement: Statement, direction: Direction, dissent: Dissent) -> Figures:
    """The figures of a statement in a run, in one direction. Raises KeyError where the run does not list it."""
    found = analysis.statement(statement.key)
    across = found.consensus_agree if direction == "agree" else found.consensus_disagree
    return Figures(
        statement=statement.key,
        text=statement.text,
        language=statement.language or statement.deliberation.language,
        direction=direction,
        verdict=found.kind,
        everybody=_count(found.everybody, direction),
        groups=[_group_count(group, found, direction) for group in analysis.groups],
        across=across.value,
        across_interval=(across.low, across.high),
        run=run.id,
        method=analysis.method,
        digest=analysis.digest,
        structure=analysis.structure.verdict,
        classes_by=analysis.structure.classes_by,
        rule={name: analysis.parameters[name] for name in _RULE if name in analysis.parameters},
        dissent=dissent,
    )


def leaning(group: Group, found: Found) -> Leaning:
    """Which way more of a group's votes go; of a group whose counts are not told, what the analysis says."""
    tally = found.by_group.get(group.id)
    if tally is None:
        told = {each.group: str(each.leaning) for each in found.dissent}.get(group.id)
        return "agree" if told == "agree" else "disagree" if told == "disagree" else "neither"
    if tally.agree == tally.disagree:
        return "neither"
    return "agree" if tally.agree > tally.disagree else "disagree"


def _group_count(group: Group, found: Found, direction: Direction) -> GroupCount:
    tally = found.by_group.get(group.id)
    is_large = group.size >= SMALLEST_COUNTED
    return GroupCount(
        id=group.id,
        label=group.label,
        holds_veto=group.holds_veto,
        leans=leaning(group, found),
        size=group.size if is_large else None,
        count=_count(tally, direction) if tally is not None and is_large else None,
    )


def _count(tally: Tally, direction: Direction) -> Count:
    share: Estimate = tally.agree_share if direction == "agree" else tally.disagree_share
    return Count(
        votes=tally.votes,
        agree=tally.agree,
        disagree=tally.disagree,
        passed=tally.passed,
        share=share.value,
        interval=(share.low, share.high),
    )
