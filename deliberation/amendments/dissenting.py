"""The dissent to a consensus, in the minority's words: reasons given with votes the other way, and groups against."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.moments import Direction
from analysis.result import Analysis, Group
from deliberation.amendments.figures import (
    SMALLEST_COUNTED,
    Conviction,
    Dissent,
    GivenReason,
    GroupAgainst,
    leaning,
)
from deliberation.deliberations.models import Statement
from deliberation.participants.models import Participant
from deliberation.voting.models import Choice, Reason, Vote

# How many reasons an amendment carries; how many were given is said beside them.
MOST_REASONS = 6

_AGAINST: Mapping[Direction, Choice] = {"agree": Choice.DISAGREE, "disagree": Choice.AGREE}


def dissent_to(
    session: Session, analysis: Analysis, statement: Statement, direction: Direction, known: Mapping[str, Statement]
) -> Dissent:
    """What speaks against this consensus. `known` are the deliberation's statements by key."""
    tally = analysis.statement(statement.key).everybody
    given = _reasons(session, analysis, statement, direction)
    return Dissent(
        votes=tally.disagree if direction == "agree" else tally.agree,
        reasons=_in_turns(given)[:MOST_REASONS],
        reasons_given=len(given),
        groups=[
            _against(group, statement, known)
            for group in analysis.groups
            if leaning(group, analysis.statement(statement.key)) not in (direction, "neither")
        ],
    )


def _reasons(session: Session, analysis: Analysis, statement: Statement, direction: Direction) -> list[GivenReason]:
    rows = session.execute(
        select(Reason.text, Reason.language, Participant.key)
        .join(Vote, (Vote.participant_id == Reason.participant_id) & (Vote.statement_id == Reason.statement_id))
        .join(Participant, Participant.id == Reason.participant_id)
        .where(Reason.statement_id == statement.id, Vote.choice == _AGAINST[direction], Vote.source.is_not(None))
        .order_by(Reason.given_at, Reason.participant_id)
    )
    # Whoever gave a reason in a very small group would be found through it.
    named = {group.id for group in analysis.groups if group.size >= SMALLEST_COUNTED}
    return [
        GivenReason(
            text=text,
            language=language or statement.deliberation.language,
            group=group if (group := analysis.assignments.get(participant)) in named else None,
        )
        for text, language, participant in rows
    ]


def _in_turns(reasons: Sequence[GivenReason]) -> list[GivenReason]:
    """One of each group after the other, so that no group's reasons push out another's."""
    of_group: dict[str, list[GivenReason]] = {}
    for reason in reasons:
        of_group.setdefault(reason.group or "", []).append(reason)
    rounds: Iterable[tuple[GivenReason | None, ...]] = zip_longest(*(of_group[group] for group in sorted(of_group)))
    return [reason for each in rounds for reason in each if reason is not None]


def _against(group: Group, statement: Statement, known: Mapping[str, Statement]) -> GroupAgainst:
    if group.size < SMALLEST_COUNTED:
        return GroupAgainst(id=group.id, label=group.label, stands_for=[])
    return GroupAgainst(
        id=group.id,
        label=group.label,
        stands_for=[
            Conviction(
                statement=each.statement,
                text=known[each.statement].text,
                language=known[each.statement].language or known[each.statement].deliberation.language,
                direction=each.direction,
            )
            for each in group.representative
            if each.statement in known and each.statement != statement.key
        ],
    )
