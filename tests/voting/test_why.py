"""A card says why it is shown, and that is the branch of the draw that was taken and is on record."""

from random import Random

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from analysis.routing import RoutingWeight
from analysis.routing import Why as WeightWhy
from deliberation.db.session import transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.voting import visiting
from deliberation.voting.models import Source, Why
from deliberation.voting.routing import Deck, Draw, draw, set_weights
from tests.voting.voters import Voter, card_of, open_deliberation, rows

WORDS = {
    Why.RANDOM: "drawn at random from all statements that you have not voted on",
    Why.FEW_VOTES: "Fewer people have voted on it",
    Why.UNCERTAIN: "is not settled yet",
    Why.MAY_BRIDGE: "People of different opinion groups may agree on it",
    Why.SETTLED: "is already clear",
    Why.CHOSEN: "You opened it yourself",
}


def test_every_reason_of_a_weight_is_one_that_a_card_can_say() -> None:
    assert {each.value for each in WeightWhy} <= {each.value for each in Why}
    assert set(WORDS) == set(Why)


def test_before_the_first_result_everything_is_drawn_at_random(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))

    answer = voter.send(voter.look(), "agree")

    assert _said(answer) == Why.RANDOM
    assert set(rows(any_app, "SELECT source, why FROM offer")) == {("random", "random")}


def test_the_reason_that_is_shown_is_the_branch_that_was_taken(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    slug = open_deliberation(any_app, statements=16)
    reasons = list(WeightWhy)
    with any_app.app_context(), transaction() as session:
        deliberation = deliberation_named(session, slug)
        set_weights(
            session,
            deliberation.id,
            {str(number): RoutingWeight(0.5, reasons[number % len(reasons)]) for number in range(1, 17)},
        )
    taken: dict[int, set[tuple[Source, str]]] = {}

    def watched(deck: Deck, answered: frozenset[int], chance: Random) -> Draw | None:
        drawn = draw(deck, answered, chance)
        if drawn:
            why = deck.reasons[drawn.statement_id].value if drawn.source is Source.ROUTED else "random"
            taken.setdefault(drawn.statement_id, set()).add((drawn.source, why))
        return drawn

    monkeypatch.setattr(visiting, "draw", watched)
    for _ in range(3):
        voter = Voter(any_app, slug)
        for _ in range(12):
            page = voter.client.get(voter.address)
            taken.clear()
            answer = voter.send(card_of(page), "pass")
            shown = rows(any_app, "SELECT source, why FROM offer ORDER BY id DESC LIMIT 2")
            assert shown[1][1] == _said(page).value
            assert shown[0][1] == _said(answer).value
            assert taken[card_of(answer).statement_id] == {shown[0]}

    assert {row[0] for row in rows(any_app, "SELECT DISTINCT why FROM offer")} >= {"random", "few_votes", "uncertain"}


def test_a_statement_that_one_opened_says_so(app: Flask) -> None:
    voter = Voter(app, open_deliberation(app, statements=20))

    assert _said(voter.client.get(f"{voter.address}?statement=3")) == Why.CHOSEN


def test_undo_keeps_the_reason(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    voter.vote("agree")
    card = voter.open("3")
    voter.send(card, "agree")

    assert _said(voter.undo(card)) == Why.CHOSEN


def test_the_method_page_is_one_link_away(app: Flask) -> None:
    voter = Voter(app, open_deliberation(app))

    assert 'href="/method">How statements are chosen' in voter.client.get(voter.address).text


def test_weights_of_another_deliberation_change_nothing_here(app: Flask) -> None:
    slug, other = open_deliberation(app), open_deliberation(app)
    with app.app_context(), transaction() as session:
        set_weights(
            session,
            deliberation_named(session, other).id,
            {str(number): RoutingWeight(1.0, WeightWhy.UNCERTAIN) for number in (1, 2, 3)},
        )

    assert _said(Voter(app, slug).client.get(f"/d/{slug}/vote")) == Why.RANDOM


def _said(answer: TestResponse) -> Why:
    """The reason in words, as the one that it stands for."""
    found = [why for why, words in WORDS.items() if words in answer.text]
    assert len(found) == 1
    return found[0]
