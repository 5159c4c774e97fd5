"""Which statement comes next: the statements of a deliberation as every process keeps them, and the draw."""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from deliberation.db.session import db
from deliberation.deliberations.models import Deliberation, Moderation, Prompt, Response, Statement
from deliberation.errors import NotFound
from deliberation.spec.models import Release, Section
from deliberation.voting.models import Source

_TRIES = 12  # of rejection; after these the draw is made among what is left


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows of one statement."""

    id: int
    key: str
    text: str
    language: str
    messages: list[dict[str, Any]]  # the sample prompt, and the candidate response where the statement is about one
    has_response: bool
    authority: str | None  # of the section at stake, where that is known
    section_key: str | None
    section_title: str | None
    release: str | None


@dataclass(frozen=True)
class Deck:
    """The votable statements of one version of a deliberation, with the weights of the draw."""

    deliberation_id: int
    version: int
    slug: str
    title: str
    language: str
    faces: dict[int, Face]  # by the statement's id, in the order of the deliberation
    weights: dict[int, float]  # the same statements in the same order; each above zero
    ids: tuple[int, ...]
    cumulative: tuple[float, ...]
    # The faces as the views have rendered them, by statement, language and mount point; gone with the version.
    rendered: dict[tuple[int, str, str], Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Draw:
    """A statement chosen, how, and the probability with which it had to be this one."""

    statement_id: int
    source: Source
    probability: float


_decks: WeakKeyDictionary[Engine, dict[int, Deck]] = WeakKeyDictionary()
_slugs: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()


def draw(deck: Deck, answered: Collection[int], chance: Random) -> Draw | None:
    """A statement not yet answered, by weight; none where all are.

    Drawing among all and rejecting what was answered gives exactly the renormalised weights, without a pass over
    the statements while most are unanswered.
    """
    gone = {statement_id for statement_id in answered if statement_id in deck.weights}
    if len(gone) == len(deck.ids):
        return None
    for _ in range(_TRIES):
        chosen = deck.ids[_pick(deck.cumulative, chance)]
        if chosen not in gone:
            break
    else:
        left = [statement_id for statement_id in deck.ids if statement_id not in gone]
        chosen = left[_pick(tuple(accumulate(deck.weights[statement_id] for statement_id in left)), chance)]
    weight_left = deck.cumulative[-1] - sum(deck.weights[statement_id] for statement_id in gone)
    return Draw(chosen, Source.RANDOM, deck.weights[chosen] / weight_left)


def deck_of(deliberation_id: int, version: int) -> Deck:
    """The deck of this version, from memory where this process has it. Raises NotFound."""
    decks = _decks.setdefault(db.engine, {})
    deck = decks.get(deliberation_id)
    if deck is None or deck.version != version:
        deck = decks[deliberation_id] = _read_deck(db.session, deliberation_id, version)
    return deck


def forget_deck(deliberation_id: int) -> None:
    """Read the statements again at the next request, whatever the version says."""
    _decks.get(db.engine, {}).pop(deliberation_id, None)


def id_of(slug: str, *, afresh: bool = False) -> int:
    """The id of a deliberation, from memory where this process has it. Raises NotFound."""
    known = _slugs.setdefault(db.engine, {})
    if afresh or slug not in known:
        found = db.session.scalar(select(Deliberation.id).where(Deliberation.slug == slug))
        if found is None:
            raise NotFound(f"there is no deliberation '{slug}'")
        known[slug] = found
    return known[slug]


def _pick(cumulative: tuple[float, ...], chance: Random) -> int:
    # Rounding could put the product on the very end of the last interval.
    return min(bisect_right(cumulative, chance.random() * cumulative[-1]), len(cumulative) - 1)


def _read_deck(session: Session, deliberation_id: int, version: int) -> Deck:
    slug, title, language = session.execute(
        select(Deliberation.slug, Deliberation.title, Deliberation.language).where(Deliberation.id == deliberation_id)
    ).one()
    faces = {face.id: face for face in _read_faces(session, deliberation_id, language)}
    weights = dict.fromkeys(faces, 1.0)  # uniform: the sample is a random one
    return Deck(
        deliberation_id=deliberation_id,
        version=version,
        slug=slug,
        title=title,
        language=language,
        faces=faces,
        weights=weights,
        ids=tuple(faces),
        cumulative=tuple(accumulate(weights.values())),
    )


def _read_faces(session: Session, deliberation_id: int, language: str) -> list[Face]:
    prompts = session.execute(select(Prompt.id, Prompt.messages).where(Prompt.deliberation_id == deliberation_id))
    messages = {row.id: row.messages for row in prompts}
    at_stake = aliased(Section)
    rows = session.execute(
        select(Statement, Response, at_stake, Release.label)
        .outerjoin(Prompt, Prompt.id == Statement.prompt_id)
        .outerjoin(Response, Response.id == Statement.response_id)
        .outerjoin(at_stake, at_stake.id == func.coalesce(Statement.section_id, Prompt.section_id))
        .outerjoin(Release, Release.id == at_stake.release_id)
        .where(Statement.deliberation_id == deliberation_id, Statement.moderation != Moderation.DECLINED)
        .order_by(Statement.position, Statement.id)
    )
    return [
        Face(
            id=statement.id,
            key=statement.key,
            text=statement.text,
            language=statement.language or language,
            messages=messages.get(statement.prompt_id, []) + _answer(response),
            has_response=response is not None,
            authority=section.authority if section else None,
            section_key=section.key if section else None,
            section_title=section.title if section else None,
            release=label,
        )
        for statement, response, section, label in rows
    ]


def _answer(response: Response | None) -> list[dict[str, Any]]:
    """The candidate response as the last message, under the key by which statements name it."""
    if response is None:
        return []
    return [{"role": "assistant", "content": response.text, "attributes": {}, "answer": response.key}]
