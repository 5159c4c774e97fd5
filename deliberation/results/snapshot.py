"""The rows of a deliberation as the votes that the analysis takes, all read at one moment."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

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
    uncounted: votes that stand but were offered to nobody.
    """

    votes: Votes
    texts: Mapping[str, str]
    moderated_out: frozenset[str]
    meta: frozenset[str]
    last_event_id: int
    uncounted: int

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
    votes, uncounted = _read_votes(session, deliberation.id)
    return Snapshot(
        votes=votes,
        texts={key: text for key, text, moderation, _ in statements if moderation != Moderation.DECLINED},
        moderated_out=frozenset(key for key, _, moderation, _ in statements if moderation == Moderation.DECLINED),
        meta=frozenset(key for key, _, _, is_meta in statements if is_meta),
        last_event_id=last_event_id,
        uncounted=uncounted,
    )


def newest_event(session: Session) -> int:
    """The id of the newest vote event; 0 where there is none."""
    return session.scalar(select(func.max(VoteEvent.id))) or 0


def _read_votes(session: Session, deliberation_id: int) -> tuple[Votes, int]:
    """The votes that count, and the number of those that do not."""
    rows = session.execute(
        select(Participant.key, Statement.key, Vote.choice, Vote.source.is_not(None))
        .join(Participant, Participant.id == Vote.participant_id)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Statement.deliberation_id == deliberation_id)
    ).all()
    counted = [row for row in rows if row[3]]
    who, what, said = [row[0] for row in counted], [row[1] for row in counted], [row[2] for row in counted]
    return Votes.from_arrays(who, what, said), len(rows) - len(counted)
