"""What one vote writes, and what came of it: between casting and the two databases."""

from dataclasses import dataclass
from datetime import datetime

from deliberation.voting.offering import Ticket


@dataclass(frozen=True, slots=True)
class Ballot:
    """All that one vote writes, in one transaction."""

    deliberation_id: int
    statement_id: int
    choice: int
    source: str | None  # none: this statement was offered to nobody here, and the vote counts in no result
    important: bool | None  # "this matters to me"; none: the mark that stands, if any, stays
    reason: str  # empty: the reason that stands, if any, stays
    cast_at: datetime
    participant_id: int | None  # none: this vote makes the participant
    holder: str  # the device's hash in the deliberation
    participant_key: str
    offer: Ticket | None  # the offer that is answered, where its row is still to be written
    following: Ticket | None  # the next offer, where its row is still to be written


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    is_accepted: bool  # false: closed or declined by now, and nothing was written
    participant_id: int | None  # none: somebody else made the participant just now, and nothing was written
    has_following: bool  # false: there was none to write, or another request had made the next offer already
