"""The draw: every statement once, by exactly the probability that is recorded; and the weights it goes by."""

from collections import Counter
from itertools import accumulate
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from analysis.routing import RoutingWeight, Why
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from deliberation.voting.models import Source
from deliberation.voting.routing import Deck, deck_of, draw, set_weights
from tests.voting.voters import Voter, add_statement, decline, open_deliberation, rows


def test_with_equal_weights_each_open_statement_is_drawn_as_often() -> None:
    deck, chance = _deck(dict.fromkeys(range(10), 1.0)), Random(1)

    drawn = Counter(_drawn(deck, {0, 1}, chance) for _ in range(8000))

    assert set(drawn) == set(range(2, 10))
    assert all(800 < times < 1200 for times in drawn.values())


@pytest.mark.parametrize("random_share", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("answered", [set(), {4}, {0, 1, 2}, {1, 2, 3, 4}])
def test_statements_are_drawn_by_the_probability_that_is_recorded(answered: set[int], random_share: float) -> None:
    deck, chance = _deck({0: 1.0, 1: 2.0, 2: 4.0, 3: 8.0, 4: 16.0}, random_share), Random(2)

    draws = [draw(deck, answered, chance) for _ in range(20_000)]

    times = Counter(one.statement_id for one in draws if one)
    probabilities = {one.statement_id: one.probability for one in draws if one}
    assert sum(probabilities.values()) == pytest.approx(1)
    for statement_id, probability in probabilities.items():
        assert times[statement_id] / len(draws) == pytest.approx(probability, abs=0.015)


def test_a_fifth_of_the_draws_is_uniform_and_marked_so() -> None:
    deck, chance = _deck({0: 1.0, 1: 1.0, 2: 98.0}, 0.2), Random(3)

    draws = [drawn for _ in range(30_000) if (drawn := draw(deck, {0}, chance))]

    by_source = {source: [one.statement_id for one in draws if one.source is source] for source in Source}
    assert len(by_source[Source.RANDOM]) / len(draws) == pytest.approx(0.2, abs=0.01)
    assert Counter(by_source[Source.RANDOM])[1] / len(by_source[Source.RANDOM]) == pytest.approx(0.5, abs=0.02)
    assert Counter(by_source[Source.ROUTED])[1] / len(by_source[Source.ROUTED]) == pytest.approx(1 / 99, abs=0.005)
    assert {round(one.probability, 6) for one in draws} == {
        round(0.2 / 2 + 0.8 / 99, 6),
        round(0.2 / 2 + 0.8 * 98 / 99, 6),
    }


def test_the_probability_stays_right_where_only_the_lightest_are_left() -> None:
    deck = _deck({**dict.fromkeys(range(1000), 1.0), 1000: 0.0001, 1001: 0.0001}, 0.2)

    drawn = draw(deck, set(range(1000)), Random(4))

    assert drawn
    assert drawn.probability == pytest.approx(0.5, abs=1e-12)


def test_where_nearly_all_is_answered_the_last_statement_is_still_found() -> None:
    deck = _deck(dict.fromkeys(range(1000), 1.0))

    drawn = draw(deck, set(range(999)), Random(3))

    assert drawn is not None
    assert (drawn.statement_id, drawn.probability) == (999, 1.0)


def test_where_all_is_answered_nothing_is_drawn() -> None:
    assert draw(_deck({1: 1.0, 2: 1.0}), {1, 2, 99}, Random(4)) is None
    assert draw(_deck({}), set(), Random(4)) is None


@given(
    weights=st.dictionaries(st.integers(1, 500), st.floats(0.0001, 1.0), min_size=1, max_size=30),
    answered=st.sets(st.integers(1, 500)),
    random_share=st.floats(0.2, 1.0),
    seed=st.integers(),
)
def test_nothing_answered_is_ever_drawn_and_probabilities_are_probabilities(
    weights: dict[int, float], answered: set[int], random_share: float, seed: int
) -> None:
    drawn = draw(_deck(weights, random_share), answered, Random(seed))

    if drawn is None:
        assert weights.keys() <= answered
    else:
        assert drawn.statement_id in weights.keys() - answered
        assert 0 < drawn.probability <= 1 + 1e-9


def test_until_a_run_has_set_weights_every_draw_is_uniform(any_app: Flask) -> None:
    slug = open_deliberation(any_app)

    deck = _deck_of(any_app, slug)

    assert deck.random_share == 1
    assert set(deck.weights.values()) == {1.0}
    assert set(deck.reasons.values()) == {Why.FEW_VOTES}


def test_weights_count_from_the_next_request_on_and_say_why(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    before = _deck_of(any_app, slug)

    assert _set(any_app, slug, {"1": RoutingWeight(0.5, Why.MAY_BRIDGE), "2": RoutingWeight(0.01, Why.SETTLED)})

    after = _deck_of(any_app, slug)
    assert after.version == before.version + 1
    assert after.random_share == 0.2
    assert list(after.weights.values()) == [0.5, 0.01, 1.0]
    assert list(after.reasons.values()) == [Why.MAY_BRIDGE, Why.SETTLED, Why.FEW_VOTES]
    # The faces have not changed, and are not read and rendered again.
    assert after.faces is before.faces
    assert after.rendered is before.rendered


def test_the_same_weights_again_change_nothing(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    weights = {"1": RoutingWeight(0.5, Why.UNCERTAIN)}
    _set(any_app, slug, weights)
    before = _deck_of(any_app, slug).version

    assert not _set(any_app, slug, weights)

    assert _deck_of(any_app, slug).version == before
    assert _set(any_app, slug, {"1": RoutingWeight(0.5, Why.SETTLED)})


def test_a_new_statement_comes_with_the_highest_weight_and_a_declined_one_not_at_all(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    _set(any_app, slug, {key: RoutingWeight(0.1, Why.UNCERTAIN) for key in "123"})
    first = next(iter(_deck_of(any_app, slug).faces))

    decline(any_app, slug, first)
    add_statement(any_app, slug, "The assistant should be brief.")

    assert list(_deck_of(any_app, slug).weights.values()) == [0.1, 0.1, 1.0]


def test_weights_of_statements_that_are_not_there_are_left_out(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    other = open_deliberation(any_app)

    assert not _set(any_app, slug, {"nowhere": RoutingWeight(0.5, Why.SETTLED)})

    _set(any_app, other, {"1": RoutingWeight(0.5, Why.SETTLED)})
    assert set(_deck_of(any_app, slug).weights.values()) == {1.0}


def test_an_offer_records_its_branch_and_the_probability_over_both(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=2)
    _set(any_app, slug, {"1": RoutingWeight(1.0, Why.UNCERTAIN), "2": RoutingWeight(0.25, Why.SETTLED)})
    first, second = _deck_of(any_app, slug).ids
    expected = {first: 0.2 / 2 + 0.8 * 0.8, second: 0.2 / 2 + 0.8 * 0.2}

    for _ in range(12):
        Voter(any_app, slug).vote("agree")

    offers = rows(any_app, "SELECT statement_id, source, probability FROM offer ORDER BY id")
    for opening, following in zip(offers[::2], offers[1::2], strict=True):
        assert opening[2] == pytest.approx(expected[int(str(opening[0]))])
        assert following[2] == pytest.approx(1)
    assert {source for _, source, _ in offers} <= {"random", "routed"}
    votes = rows(any_app, "SELECT participant_id, statement_id, source FROM vote")
    assert len(votes) == 12
    assert set(votes) <= set(rows(any_app, "SELECT participant_id, statement_id, source FROM offer"))


def _deck(weights: dict[int, float], random_share: float = 1.0) -> Deck:
    return Deck(
        deliberation_id=1,
        version=1,
        wording=1,
        slug="a",
        title="A",
        language="en",
        faces={},
        weights=weights,
        reasons={},
        random_share=random_share,
        ids=tuple(weights),
        cumulative=tuple(accumulate(weights.values())),
    )


def _drawn(deck: Deck, answered: set[int], chance: Random) -> int | None:
    drawn = draw(deck, answered, chance)
    return drawn.statement_id if drawn else None


def _deck_of(app: Flask, slug: str) -> Deck:
    """The deck that the next request uses."""
    with app.app_context():
        query = sa.select(Deliberation.id, Deliberation.version).where(Deliberation.slug == slug)
        return deck_of(*db.session.execute(query).one())


def _set(app: Flask, slug: str, weights: dict[str, RoutingWeight]) -> bool:
    with app.app_context(), transaction() as session:
        found = session.scalars(sa.select(Deliberation.id).where(Deliberation.slug == slug)).one()
        return set_weights(session, found, weights)
