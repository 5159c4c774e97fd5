"""The rows of a deliberation as the votes that the analysis takes, all read at one moment."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.votes import Votes
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.participants.models import Participant
from deliberation.voting.models import Vote, VoteEvent


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a run looks at.

    votes: those that stand and were offered, with the ids as the source wrote them, on declined statements too, since
    they show who voted at all. texts: the wording of every statement not declined. moderated_out: the declined ones.
    meta: those about the participants themselves. last_event_id: the newest vote event when reading began.
    not_offered, on_declined: how many votes stand without counting, for one reason or the other.
    """

    votes: Votes
    texts: Mapping[str, str]
    moderated_out: frozenset[str]
    meta: frozenset[str]
    last_event_id: int
    not_offered: int
    on_declined: int

    def fingerprint(self, *choices: str) -> str:
        """SHA-256 of all that decides a result: votes, statements, their moderation, and these choices."""
        statements = [dict(self.texts), sorted(self.moderated_out), sorted(self.meta)]
        decisive = json.dumps([self.votes.digest, statements, choices], sort_keys=True)
        return hashlib.sha256(decisive.encode()).hexdigest()


def take(session: Session, deliberation: Deliberation) -> Snapshot:
    """Read the votes of a deliberation in one query, and what is known of its statements."""
    # First, so that a vote cast meanwhile is at worst said to be missing, never the other way round.
    last_event_id = newest_event(session)
    statements = session.execute(
        select(Statement.key, Statement.text, Statement.moderation, Statement.is_meta).where(
            Statement.deliberation_id == deliberation.id
        )
    ).all()
    votes, not_offered = _read_votes(session, deliberation.id)
    declined = frozenset(key for key, _, moderation, _ in statements if moderation == Moderation.DECLINED)
    return Snapshot(
        votes=votes,
        texts={key: text for key, text, _, _ in statements if key not in declined},
        moderated_out=declined,
        meta=frozenset(key for key, _, _, is_meta in statements if is_meta),
        last_event_id=last_event_id,
        not_offered=not_offered,
        on_declined=_number_on(votes, declined),
    )


def newest_event(session: Session) -> int:
    """The id of the newest vote event; 0 where there is none."""
    return session.scalar(select(func.max(VoteEvent.id))) or 0


def _read_votes(session: Session, deliberation_id: int) -> tuple[Votes, int]:
    """The votes that were offered, and the number of those that were not."""
    rows = session.execute(
        select(Participant.key, Statement.key, Vote.choice, Vote.source)
        .join(Participant, Participant.id == Vote.participant_id)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Statement.deliberation_id == deliberation_id)
    ).all()
    offered = [row for row in rows if row[3] is not None]
    who, what, said = [row[0] for row in offered], [row[1] for row in offered], [row[2] for row in offered]
    return Votes.from_arrays(who, what, said), len(rows) - len(offered)


def _number_on(votes: Votes, statements: frozenset[str]) -> int:
    columns = [column for column, key in enumerate(votes.statements) if key in statements]
    return int(np.isin(votes.columns, columns).sum())
