"""Which statement comes next: the statements of a deliberation as every process keeps them, and the draw.

A fixed share of the draws is uniform among what a participant has not answered; the others go by weight. The weights
come from the last run, never from the request.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import accumulate
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, aliased

from analysis.parameters import Parameters
from analysis.routing import HIGHEST, RoutingWeight, Why
from deliberation.db.session import db
from deliberation.db.upsert import insert_for
from deliberation.deliberations.models import Deliberation, Moderation, Prompt, Response, Statement
from deliberation.errors import NotFound
from deliberation.spec.models import Release, Section
from deliberation.voting.models import Routing, Source

_TRIES = 12  # of rejection; after these the draw is made among what is left

_NEW = RoutingWeight(HIGHEST, Why.FEW_VOTES)  # of a statement that no run has seen yet


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
    wording: int  # how many of the versions changed more than the weights
    slug: str
    title: str
    language: str
    faces: dict[int, Face]  # by the statement's id, in the order of the deliberation
    weights: dict[int, float]  # the same statements in the same order; each above zero
    reasons: dict[int, Why]  # of these weights
    random_share: float  # of the draws, uniform; 1 until the first run
    ids: tuple[int, ...]
    cumulative: tuple[float, ...]
    # The faces as the views have rendered them, by statement, language and mount point; gone with the wording.
    rendered: dict[tuple[int, str, str], Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Draw:
    """A statement chosen, and how.

    source: the branch that was taken, random or routed. probability: that it had to be this statement, over both
    branches, given what this participant had answered and the weights of this version.
    """

    statement_id: int
    source: Source
    probability: float


_decks: WeakKeyDictionary[Engine, dict[int, Deck]] = WeakKeyDictionary()
_slugs: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()


def draw(deck: Deck, answered: Collection[int], chance: Random) -> Draw | None:
    """A statement not yet answered, uniformly or by weight; none where all are.

    Drawing among all and rejecting what was answered gives exactly the renormalised weights, without a pass over
    the statements while most are unanswered.
    """
    gone = {statement_id for statement_id in answered if statement_id in deck.weights}
    if len(gone) == len(deck.ids):
        return None
    is_random = chance.random() < deck.random_share
    chosen = _draw_uniformly(deck, gone, chance) if is_random else _draw_by_weight(deck, gone, chance)
    return Draw(chosen, Source.RANDOM if is_random else Source.ROUTED, _probability(deck, gone, chosen))


def set_weights(session: Session, deliberation_id: int, weights: Mapping[str, RoutingWeight]) -> bool:
    """Store what a run found, by the statements' keys; whether anything changed, which raises the version.

    A statement that the run did not see keeps what it has: the highest weight, if it is new.
    """
    statements = select(Statement.key, Statement.id).where(Statement.deliberation_id == deliberation_id)
    found = {statement_id: weights[key] for key, statement_id in session.execute(statements) if key in weights}
    stored = _stored_weights(session, deliberation_id)
    changed = [
        {"statement_id": statement_id, "weight": each.weight, "why": each.why.value}
        for statement_id, each in found.items()
        if stored.get(statement_id) != each
    ]
    if not changed:
        return False
    adding = insert_for(session, Routing)
    update_to = {"weight": adding.excluded.weight, "why": adding.excluded.why}
    session.execute(adding.on_conflict_do_update(index_elements=["statement_id"], set_=update_to), changed)
    # Last, since from here on the votes of this deliberation wait for the commit. Added up in the database, as every
    # change of the version is.
    session.execute(
        update(Deliberation)
        .where(Deliberation.id == deliberation_id)
        .values(version=Deliberation.version + 1, rerouted=Deliberation.rerouted + 1)
        .execution_options(synchronize_session=False)
    )
    return True


def deck_of(deliberation_id: int, version: int) -> Deck:
    """The deck of this version, from memory where this process has it. Raises NotFound."""
    decks = _decks.setdefault(db.engine, {})
    deck = decks.get(deliberation_id)
    if deck is None or deck.version != version:
        deck = decks[deliberation_id] = _read_deck(db.session, deliberation_id, version, deck)
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


def _draw_uniformly(deck: Deck, gone: Set[int], chance: Random) -> int:
    for _ in range(_TRIES):
        chosen = chance.choice(deck.ids)
        if chosen not in gone:
            return chosen
    return chance.choice(_left(deck, gone))


def _draw_by_weight(deck: Deck, gone: Set[int], chance: Random) -> int:
    for _ in range(_TRIES):
        chosen = deck.ids[_pick(deck.cumulative, chance)]
        if chosen not in gone:
            return chosen
    left = _left(deck, gone)
    return left[_pick(tuple(accumulate(deck.weights[statement_id] for statement_id in left)), chance)]


def _left(deck: Deck, gone: Set[int]) -> list[int]:
    return [statement_id for statement_id in deck.ids if statement_id not in gone]


def _pick(cumulative: tuple[float, ...], chance: Random) -> int:
    # Rounding could put the product on the very end of the last interval.
    return min(bisect_right(cumulative, chance.random() * cumulative[-1]), len(cumulative) - 1)


def _probability(deck: Deck, gone: Set[int], chosen: int) -> float:
    uniform = 1 / (len(deck.ids) - len(gone))
    if deck.random_share >= 1:
        return uniform
    weight_gone = sum(deck.weights[statement_id] for statement_id in gone)
    weight_left = deck.cumulative[-1] - weight_gone
    if weight_left < weight_gone / 100:  # a small difference of large numbers; exact from the few that are left
        weight_left = sum(deck.weights[statement_id] for statement_id in _left(deck, gone))
    return deck.random_share * uniform + (1 - deck.random_share) * deck.weights[chosen] / weight_left


def _read_deck(session: Session, deliberation_id: int, version: int, known: Deck | None) -> Deck:
    """The deck of this version; the faces from one that is known, where only weights have changed since."""
    slug, title, language, wording = session.execute(
        select(
            Deliberation.slug,
            Deliberation.title,
            Deliberation.language,
            Deliberation.version - Deliberation.rerouted,
        ).where(Deliberation.id == deliberation_id)
    ).one()
    stored = _stored_weights(session, deliberation_id)
    is_known = known is not None and known.wording == wording
    faces = known.faces if known and is_known else _faces_by_id(session, deliberation_id, language)
    routed = {statement_id: stored.get(statement_id, _NEW) for statement_id in faces}
    weights = {statement_id: each.weight for statement_id, each in routed.items()}
    deck = Deck(
        deliberation_id=deliberation_id,
        version=version,
        wording=wording,
        slug=slug,
        title=title,
        language=language,
        faces=faces,
        weights=weights,
        reasons={statement_id: each.why for statement_id, each in routed.items()},
        random_share=Parameters().random_share if stored else 1.0,
        ids=tuple(faces),
        cumulative=tuple(accumulate(weights.values())),
    )
    return replace(deck, rendered=known.rendered) if known and is_known else deck


def _stored_weights(session: Session, deliberation_id: int) -> dict[int, RoutingWeight]:
    rows = session.execute(
        select(Routing.statement_id, Routing.weight, Routing.why)
        .join(Statement, Statement.id == Routing.statement_id)
        .where(Statement.deliberation_id == deliberation_id)
    )
    return {statement_id: RoutingWeight(weight, Why(why)) for statement_id, weight, why in rows}


def _faces_by_id(session: Session, deliberation_id: int, language: str) -> dict[int, Face]:
    return {face.id: face for face in _read_faces(session, deliberation_id, language)}


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
