"""Who may see what of a run. Every page, file and command of this room asks here."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.result import Analysis, Group
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.participants.devices import participant_of
from deliberation.participants.models import Participant
from deliberation.results.models import Run
from deliberation.voting.models import Choice, Vote

# Runs as they were parsed, the oldest dropped first. A run never changes, so neither does what is kept of it.
_MOST_KEPT = 16
_parsed: dict[tuple[int, str, datetime], Analysis] = {}


@dataclass(frozen=True)
class Viewer:
    """Who looks: a participant with their own votes by statement, or somebody who takes no part (key is none)."""

    key: str | None = None
    votes: dict[str, str] = field(default_factory=dict)  # statement to "agree", "disagree", "pass" or "unclear"


def viewer(session: Session, deliberation: Deliberation, token_hash: str) -> Viewer:
    """The participant of this device in this deliberation."""
    participant_id = participant_of(session, token_hash)
    participant = session.get(Participant, participant_id) if participant_id is not None else None
    if participant is None or participant.deliberation_id != deliberation.id:
        return Viewer()
    rows = session.execute(
        select(Statement.key, Vote.choice)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Vote.participant_id == participant.id)
    )
    return Viewer(participant.key, {key: Choice(choice).name.lower() for key, choice in rows})


def visible(session: Session, run: Run) -> Analysis:
    """What everybody may see of a run: all of it, but for statements declined since then.

    Statements that were declined before are not in the run at all. Participants stand under their public ids.
    """
    result = _parse(run)
    declined = set(
        session.scalars(
            select(Statement.key).where(
                Statement.deliberation_id == run.deliberation_id, Statement.moderation == Moderation.DECLINED
            )
        )
    )
    return _without(result, declined) if declined & {each.id for each in result.statements} else result


def as_written(run: Run, shown: Analysis) -> bytes:
    """The JSON of what is shown: the stored bytes themselves where nothing was taken out."""
    return run.result.encode() if shown is _parse(run) else shown.to_json()


def _parse(run: Run) -> Analysis:
    key = (run.id, run.inputs, run.finished_at)
    if key not in _parsed:
        while len(_parsed) >= _MOST_KEPT:
            _parsed.pop(next(iter(_parsed)), None)
        _parsed[key] = Analysis.from_json(run.result)
    return _parsed[key]


def _without(result: Analysis, declined: AbstractSet[str]) -> Analysis:
    lists = result.polis_consensus
    return replace(
        result,
        statements=tuple(each for each in result.statements if each.id not in declined),
        groups=tuple(_group_without(group, declined) for group in result.groups),
        polis_consensus=replace(
            lists,
            agree=tuple(each for each in lists.agree if each.statement not in declined),
            disagree=tuple(each for each in lists.disagree if each.statement not in declined),
        ),
    )


def _group_without(group: Group, declined: AbstractSet[str]) -> Group:
    return replace(group, representative=tuple(each for each in group.representative if each.statement not in declined))
