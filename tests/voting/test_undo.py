"""Undo takes the last vote back, and brings its card with what was written on it."""

import html
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberation.db.base import now
from tests.voting.voters import Voter, card_of, change_deliberation, count, decline, events, open_deliberation, rows


def test_undo_takes_the_vote_back_and_leaves_an_event(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    card = voter.vote("agree", reason="It helps.", important="1")

    answer = voter.undo(card)

    assert answer.status_code == 200
    assert count(any_app, "vote") == 0
    assert count(any_app, "reason") == 0
    assert events(any_app) == [1, None]


def test_undo_brings_the_card_with_its_reason_and_its_mark(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    card = voter.vote("agree", reason="It <helps>.", important="1")

    answer = voter.undo(card)

    assert card_of(answer).text == card.text
    assert _written(answer) == ("It <helps>.", True)
    assert "Taken back" in answer.text


def test_a_reload_after_undo_shows_the_same_card_with_the_same_text(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    card = voter.vote("agree", reason="It helps.", important="1")
    voter.undo(card)

    pages = [voter.client.get(voter.address) for _ in range(2)]

    assert {card_of(page).text for page in pages} == {card.text}
    assert {_written(page) for page in pages} == {("It helps.", True)}


def test_without_javascript_undo_leads_to_the_card_with_its_text(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    card = voter.vote("agree", reason="It helps.", important="1")

    answer = voter.undo(card, htmx=False)
    page = voter.client.get(answer.location)

    assert (answer.status_code, answer.location) == (303, voter.address)
    assert card_of(page).text == card.text
    assert _written(page) == ("It helps.", True)


def test_once_voted_again_the_text_is_gone_from_the_browser(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    voter.undo(voter.vote("agree", reason="It helps."))

    voter.vote("disagree", reason="It helps.")

    with voter.client.session_transaction() as kept:
        assert "draft" not in kept
    assert rows(any_app, "SELECT choice, important FROM vote") == [(-1, False)]
    assert rows(any_app, "SELECT text FROM reason") == [("It helps.",)]


def test_undo_twice_takes_back_one_vote(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    first, second = voter.vote("agree"), voter.vote("pass")

    cards = [card_of(voter.undo(second)).text for _ in range(2)]

    assert cards == [second.text] * 2
    assert rows(any_app, "SELECT statement_id FROM vote") == [(first.statement_id,)]
    assert events(any_app) == [1, 0, None]


def test_after_another_vote_it_is_too_late(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))
    first, _ = voter.vote("agree"), voter.vote("pass")

    answer = voter.undo(first)

    assert answer.status_code == 409
    assert "voted again since then" in answer.text
    assert events(any_app) == [1, 0]


def test_undoing_and_voting_again_changes_nothing_of_what_comes_next(any_app: Flask) -> None:
    """Nobody can have the next statement drawn again until they like it."""
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    card = voter.vote("agree")
    following = voter.look()

    seen = set()
    for vote in ("pass", "agree", "disagree"):
        voter.undo(card)
        voter.vote(vote)
        seen.add(voter.look().text)

    assert seen == {following.text}
    assert count(any_app, "offer") == 2
    assert rows(any_app, "SELECT count(*) FROM offer WHERE set_aside") == [(0,)]


def test_several_votes_are_taken_back_one_after_the_other_and_come_again_in_their_order(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    cards = [voter.vote("agree") for _ in range(4)]
    following = voter.look()

    back = [card_of(voter.undo(card)).text for card in reversed(cards)]
    again = [voter.vote("disagree").text for _ in cards]

    assert back == [card.text for card in reversed(cards)]
    assert again == [card.text for card in cards]
    assert voter.look().text == following.text


def test_an_offer_that_was_set_aside_stays_on_record(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    card = voter.vote("agree")
    following = voter.look()

    voter.undo(card)

    offers = rows(any_app, "SELECT statement_id, set_aside FROM offer ORDER BY id")
    assert offers == [(card.statement_id, False), (following.statement_id, True)]


def test_a_vote_cast_again_after_undo_counts_as_drawn(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    voter.undo(voter.vote("agree"))

    voter.vote("agree")

    assert rows(any_app, "SELECT source FROM vote") == [("random",)]


def test_after_closing_nothing_is_taken_back(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.vote("agree")
    change_deliberation(any_app, slug, closed_at=now())

    answer = voter.undo(card)

    assert answer.status_code == 409
    assert "Voting has ended" in answer.text
    assert events(any_app) == [1]


def test_a_vote_on_a_statement_declined_since_is_taken_back_and_another_card_comes(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.vote("agree")
    decline(any_app, slug, card.statement_id)

    answer = voter.undo(card)

    assert answer.status_code == 200
    assert card_of(answer).text != card.text
    assert count(any_app, "vote") == 0


def test_nobody_takes_back_somebody_elses_vote(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter, other = Voter(any_app, slug), Voter(any_app, slug)
    card = voter.vote("agree")

    status = other.undo(other.look()).status_code
    other.client.post(f"{other.address}/undo", data=other.look().fields | {"statement": card.fields["statement"]})

    assert status == 400
    assert count(any_app, "vote") == 1


@pytest.mark.parametrize("missing", ["csrf_token", "statement"])
def test_without_a_hidden_field_nothing_is_taken_back(app: Flask, missing: str) -> None:
    voter = Voter(app, open_deliberation(app))
    card = voter.vote("agree")
    form = {name: card.fields[name] for name in ("csrf_token", "statement") if name != missing}

    assert voter.client.post(f"{voter.address}/undo", data=form).status_code == 400
    assert count(app, "vote") == 1


def test_undo_is_offered_until_the_next_vote_and_after_a_reload_too(app: Flask) -> None:
    voter = Voter(app, open_deliberation(app))
    before = voter.client.get(voter.address).text
    card = voter.vote("agree")

    pages = [voter.client.get(voter.address).text for _ in range(2)]

    assert "data-undo" not in before
    assert all(f'value="{card.statement_id}" data-undo' in page for page in pages)


def _written(answer: TestResponse) -> tuple[str, bool]:
    """The reason on a card, and whether it is marked."""
    reason = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert reason
    return html.unescape(reason[1]), bool(re.search(r'name="important"[^>]* checked', answer.text))
