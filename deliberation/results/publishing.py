"""Who may see what of a run. Every page, file and command of this room asks here."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.consensus import Dissent, Leaning, PolisConsensus
from analysis.intervals import Estimate
from analysis.moments import Tally
from analysis.representativeness import Distinctive
from analysis.result import Analysis, Group, Integrity, Structure
from analysis.result import Statement as RunStatement
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.participants.devices import participant_of
from deliberation.participants.models import Participant
from deliberation.results.models import Run
from deliberation.voting.models import Choice, Vote

# Runs as they were parsed, the oldest dropped first. A run never changes, so neither does what is kept of it.
_MOST_KEPT = 16
# Of a figure that would tell of few people.
_UNTOLD = Estimate(None, -1.0, 1.0)
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
    """What everybody may see of a run: all but statements declined since then, counts of few people, and accusations.

    Statements that were declined before are not in the run at all. Participants stand under their public ids. Of a
    group of few people only its leaning is told; who bears a sign of coordination is not named, since a sign is no
    proof.
    """
    result = _discreet(_parse(run))
    declined = set(
        session.scalars(
            select(Statement.key).where(
                Statement.deliberation_id == run.deliberation_id, Statement.moderation == Moderation.DECLINED
            )
        )
    )
    return _without(result, declined) if declined & {each.id for each in result.statements} else result


def votes_on_declined(run: Run, shown: Analysis) -> int:
    """How many votes count for nothing since their statement was declined, before the run or after it."""
    declined_since = _votes(_parse(run)) - _votes(shown)
    return run.on_declined + declined_since


def as_written(run: Run, shown: Analysis) -> bytes:
    """The JSON of what is shown: the stored bytes themselves where nothing was taken out."""
    return run.result.encode() if shown is _parse(run) else shown.to_json()


def _votes(result: Analysis) -> int:
    return sum(each.everybody.votes for each in result.statements)


def _parse(run: Run) -> Analysis:
    key = (run.id, run.inputs, run.finished_at)
    if key not in _parsed:
        while len(_parsed) >= _MOST_KEPT:
            _parsed.pop(next(iter(_parsed)), None)
        _parsed[key] = Analysis.from_json(run.result)
    return _parsed[key]


def _discreet(result: Analysis) -> Analysis:
    """Without counts that tell of few people, and without the names of those who bear a sign."""
    if result.integrity and result.integrity.flagged:
        result = replace(result, integrity=replace(result.integrity, flagged={}))
    hidden = _hidden(result)
    if not hidden:
        return result
    return replace(
        result,
        groups=tuple(_group_beside(each, hidden) for each in result.groups),
        statements=tuple(
            _statement_for_many(each, hidden, result.parameters["dissent_votes"]) for each in result.statements
        ),
        assignments={who: None if group in hidden else group for who, group in result.assignments.items()},
    )


def _hidden(result: Analysis) -> AbstractSet[str]:
    """Groups of few people and, so that no subtraction finds their counts, further ones until enough hide together."""
    enough = result.parameters.get("dissent_people", 0)
    ranked = sorted(result.groups, key=lambda group: group.size)
    hidden = {group.id for group in ranked if group.size < enough}
    people = result.participants.total - result.participants.grouped
    for group in ranked if hidden else ():
        if group.id not in hidden and people >= enough:
            break
        hidden.add(group.id)
        people += group.size
    return hidden


def _group_beside(group: Group, hidden: AbstractSet[str]) -> Group:
    """What tells a group apart is told against all others, the hidden ones among them: so without that comparison."""
    told = () if group.id in hidden else group.representative
    return replace(
        group,
        representative=tuple(
            replace(each, others=_UNTOLD, difference=_UNTOLD) for each in told if isinstance(each, Distinctive)
        ),
    )


def _statement_for_many(statement: RunStatement, hidden: AbstractSet[str], least: int) -> RunStatement:
    """Of a hidden group its leaning alone. least: votes from which a leaning is told."""

    def shown(own: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return own and {letter: each for letter, each in own.items() if letter not in hidden}

    return replace(
        statement,
        by_group=shown(statement.by_group) or {},
        importance_by_group=shown(statement.importance_by_group),
        weighted_by_group=shown(statement.weighted_by_group),
        verified_by_group=shown(statement.verified_by_group),
        group_aware_consensus=None,
        dissent=(
            *(each for each in statement.dissent if each.group not in hidden),
            *(
                Dissent(letter, _leaning(tally, least), None, None, None, None)
                for letter, tally in statement.by_group.items()
                if letter in hidden
            ),
        ),
    )


def _leaning(tally: Tally, least: int) -> Leaning:
    if tally.votes < least:
        return Leaning.TOO_FEW
    if 2 * tally.agree > tally.votes:
        return Leaning.AGREE
    return Leaning.DISAGREE if 2 * tally.disagree > tally.votes else Leaning.DIVIDED


def _without(result: Analysis, declined: AbstractSet[str]) -> Analysis:
    return replace(
        result,
        statements=tuple(_statement_without(each, declined) for each in result.statements if each.id not in declined),
        groups=tuple(_group_without(group, declined) for group in result.groups),
        structure=_structure_without(result.structure, declined),
        integrity=result.integrity and _integrity_without(result.integrity, declined),
        polis_consensus=result.polis_consensus and _lists_without(result.polis_consensus, declined),
    )


def _statement_without(statement: RunStatement, declined: AbstractSet[str]) -> RunStatement:
    return replace(statement, near_duplicates=tuple(each for each in statement.near_duplicates if each not in declined))


def _structure_without(structure: Structure, declined: AbstractSet[str]) -> Structure:
    if structure.axis is None:
        return structure
    low, high = (
        replace(end, statements=tuple(each for each in end.statements if each.statement not in declined))
        for end in (structure.axis.low, structure.axis.high)
    )
    return replace(structure, axis=replace(structure.axis, low=low, high=high))


def _integrity_without(integrity: Integrity, declined: AbstractSet[str]) -> Integrity:
    return replace(integrity, changes=tuple(each for each in integrity.changes if each.statement not in declined))


def _lists_without(lists: PolisConsensus, declined: AbstractSet[str]) -> PolisConsensus:
    agree, disagree = (
        tuple(each for each in own if each.statement not in declined) for own in (lists.agree, lists.disagree)
    )
    return PolisConsensus(agree, disagree)


def _group_without(group: Group, declined: AbstractSet[str]) -> Group:
    return replace(group, representative=tuple(each for each in group.representative if each.statement not in declined))
