"""The rows of a deliberation as the votes that the analysis takes, all read at one moment."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.margins import Population
from analysis.records import Beside, Records
from analysis.votes import Votes
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.participants.models import Participant
from deliberation.voting.models import VOTES, Choice, Offer, Source, Vote, VoteEvent


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a run looks at.

    votes: those that stand and were offered, with the ids as the source wrote them, on declined statements too, since
    they show who voted at all. beside: what is known of them otherwise. texts: the wording of every statement not
    declined. moderated_out: the declined ones.
    meta: those about the participants themselves. last_event_id: the newest vote event when reading began.
    not_offered, on_declined: how many votes stand without counting, for one reason or the other. unclear: by
    statement, how many found it unclear or not relevant, which is no vote.
    """

    votes: Votes
    beside: Beside
    texts: Mapping[str, str]
    moderated_out: frozenset[str]
    meta: frozenset[str]
    last_event_id: int
    not_offered: int
    on_declined: int
    unclear: Mapping[str, int]

    def weighted_to(self, population: Population | None) -> "Snapshot":
        """With margins of a population and participants' answers, where there are any."""
        if population is None:
            return self
        return replace(self, beside=replace(self.beside, margins=population.margins, answers=population.answers))

    def fingerprint(self, *choices: str) -> str:
        """SHA-256 of all that decides a result: votes, what is known beside them, statements, and these choices."""
        statements = [dict(self.texts), sorted(self.moderated_out), sorted(self.meta)]
        said = [self.votes.digest, self.beside.digest, dict(self.unclear)]
        decisive = json.dumps([*said, statements, choices], sort_keys=True)
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
    rows = _read_votes(session, deliberation.id)
    shown = [row for row in rows if row.source is not None]
    offered = [row for row in shown if row.choice in VOTES]
    votes = Votes.from_arrays(*([row[at] for row in offered] for at in range(3)))
    declined = frozenset(key for key, _, moderation, _ in statements if moderation == Moderation.DECLINED)
    return Snapshot(
        votes=votes,
        beside=_beside(votes, offered),
        texts={key: text for key, text, _, _ in statements if key not in declined},
        moderated_out=declined,
        meta=frozenset(key for key, _, _, is_meta in statements if is_meta),
        last_event_id=last_event_id,
        not_offered=len(rows) - len(shown),
        on_declined=_number_on(votes, declined),
        unclear=Counter(row.what for row in shown if row.choice == Choice.UNCLEAR and row.what not in declined),
    )


def newest_event(session: Session) -> int:
    """The id of the newest vote event; 0 where there is none."""
    return session.scalar(select(func.max(VoteEvent.id))) or 0


def _read_votes(session: Session, deliberation_id: int) -> Sequence[Any]:
    """All votes that stand: participant, statement and choice first; without a source, nobody offered the statement."""
    shown = (
        select(Offer.participant_id, Offer.statement_id, func.max(Offer.id).label("id"))
        .join(Statement, Statement.id == Offer.statement_id)
        .where(Statement.deliberation_id == deliberation_id)
        .group_by(Offer.participant_id, Offer.statement_id)
        .subquery()
    )
    return session.execute(
        select(
            Participant.key.label("who"),
            Statement.key.label("what"),
            Vote.choice,
            Vote.source,
            Vote.important,
            Vote.cast_at,
            Offer.probability,
        )
        .join(Participant, Participant.id == Vote.participant_id)
        .join(Statement, Statement.id == Vote.statement_id)
        .outerjoin(shown, (shown.c.participant_id == Vote.participant_id) & (shown.c.statement_id == Vote.statement_id))
        .outerjoin(Offer, Offer.id == shown.c.id)
        .where(Statement.deliberation_id == deliberation_id)
    ).all()


def _beside(votes: Votes, rows: Sequence[Any]) -> Beside:
    """What is known of these votes: marks of importance, how their statements came up, when people came."""
    # What somebody opened by their own choice was not drawn, so the probability of a draw says nothing of it.
    drawn = [row.source in (Source.ROUTED, Source.RANDOM) for row in rows]
    records = Records.aligned(
        votes,
        [row.who for row in rows],
        [row.what for row in rows],
        important=[row.important for row in rows],
        probability=[
            row.probability if by_chance and row.probability else np.nan
            for row, by_chance in zip(rows, drawn, strict=True)
        ],
        random=[row.source == Source.RANDOM for row in rows],
        # Whoever votes here can mark a statement; of imported votes only those tell that have a mark.
        marks_were_asked=any(row.important or row.source != Source.IMPORTED for row in rows),
    )
    first_seen: dict[str, float] = {}
    for row in rows:
        moment = row.cast_at.timestamp()
        first_seen[row.who] = min(first_seen.get(row.who, moment), moment)
    return Beside(records=records, first_seen=first_seen)


def _number_on(votes: Votes, statements: frozenset[str]) -> int:
    columns = [column for column, key in enumerate(votes.statements) if key in statements]
    return int(np.isin(votes.columns, columns).sum())
