"""After a set number of votes the page says that one may well stop, and whoever comes back goes on where they were."""

import re

import pytest
from flask import Flask

from tests.voting.voters import HTMX, Voter, add_statement, card_of, count, open_deliberation


@pytest.mark.parametrize("htmx", [True, False])
def test_after_a_set_number_of_votes_one_is_asked_whether_to_go_on(any_app: Flask, htmx: bool) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=5, stop_after=2))
    voter.vote("agree")

    answer = voter.send(voter.look(), "disagree", htmx=htmx)
    page = answer if htmx else voter.client.get(answer.location)

    assert card_of(page).text == "You have voted on 2 statements"
    assert "3 more statements wait for you" in page.text
    assert [label in page.text for label in ("Go on", "See the results", "Undo", "You agreed once")] == [True] * 4


def test_nothing_is_offered_until_one_goes_on(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=5, stop_after=2))
    voter.vote("agree")
    voter.vote("agree")
    before = count(any_app, "offer")

    going_on = card_of(voter.client.get(f"{voter.address}?on=1", headers=HTMX))

    assert before == 2
    assert count(any_app, "offer") == 3
    assert voter.look().text == going_on.text


def test_whoever_comes_back_goes_on_where_they_left_off(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=9, stop_after=4))
    voter.vote("agree")
    left_at = voter.look()

    back = voter.client.get(voter.address)

    assert card_of(back).text == left_at.text
    assert "<b>2</b> of about 4" in back.text


def test_progress_counts_to_the_next_point_to_stop(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=5, stop_after=2))

    told = []
    while found := re.search(r"<b>(\d)</b> of about (\d)", voter.client.get(f"{voter.address}?on=1").text):
        told.append((int(found[1]), int(found[2])))
        voter.send(card_of(voter.client.get(f"{voter.address}?on=1")), "pass")

    assert told == [(1, 2), (2, 2), (3, 4), (4, 4), (5, 5)]


def test_by_default_that_is_twenty(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=30))

    page = voter.client.get(voter.address).text

    assert "<b>1</b> of about 20" in page


def test_the_end_of_the_pile_is_no_point_to_stop(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=2, stop_after=2))

    voter.vote("agree")
    voter.vote("agree")

    assert "You have voted on all 2 statements" in voter.client.get(voter.address).text


def test_undo_at_the_stop_brings_the_last_card(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=5, stop_after=2))
    voter.vote("agree")
    last = voter.vote("agree")

    assert card_of(voter.undo(last)).text == last.text
    assert voter.look().text == last.text


def test_a_statement_added_at_the_end_is_waited_with_too(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=2, stop_after=2)
    voter = Voter(any_app, slug)
    voter.vote("agree")
    voter.vote("agree")

    add_statement(any_app, slug, "A late thought.")

    page = voter.client.get(voter.address)
    assert "One more statement waits for you" in page.text
    assert card_of(voter.client.get(f"{voter.address}?on=1")).text == "A late thought."
