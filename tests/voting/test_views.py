"""What the voting address answers: page or fragment, redirects, and refusals that store nothing."""

import gzip

import pytest
from flask import Flask

from tests.voting.voters import HTMX, Voter, card_of, count, open_deliberation, rows


@pytest.fixture
def voter(app: Flask) -> Voter:
    return Voter(app, open_deliberation(app))


def test_htmx_gets_the_card_alone(voter: Voter) -> None:
    answer = voter.send(voter.look(), "agree")

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="card"')
    assert "Agreed, saved" in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_plain_form_is_sent_on_to_the_next_card_which_tells_once_that_the_vote_is_saved(voter: Voter) -> None:
    answer = voter.send(voter.look(), "agree", htmx=False)
    pages = [voter.client.get(answer.location).text for _ in range(2)]

    assert (answer.status_code, answer.location) == (303, voter.address)
    assert ["Agreed, saved" in page for page in pages] == [True, False]
    assert all("<!doctype html>" in page for page in pages)


def test_the_page_and_the_fragment_hold_the_same_card(voter: Voter) -> None:
    page, fragment = (voter.client.get(voter.address, headers=headers) for headers in ({}, HTMX))

    assert card_of(page).text == card_of(fragment).text
    assert "<!doctype html>" in page.text
    assert "<!doctype html>" not in fragment.text
    assert all("HX-Request" in answer.headers["Vary"] for answer in (page, fragment))


def test_the_fragment_weighs_at_most_three_kilobytes(voter: Voter) -> None:
    answer = voter.send(voter.look(), "agree")

    assert len(gzip.compress(answer.data)) <= 3000


@pytest.mark.parametrize("missing", ["csrf_token", "offer"])
@pytest.mark.parametrize("htmx", [True, False])
def test_without_a_hidden_field_nothing_is_stored(app: Flask, voter: Voter, missing: str, htmx: bool) -> None:
    card = voter.look()
    del card.fields[missing]

    answer = voter.send(card, "agree", htmx=htmx)

    assert answer.status_code == 400
    assert [count(app, table) for table in ("participant", "offer", "vote", "vote_event")] == [0] * 4


def test_a_forged_offer_stores_nothing(app: Flask, voter: Voter) -> None:
    card = voter.look()
    offer = card.fields["offer"]

    # Not the very last letter, of which two bits mean nothing.
    forged = [
        offer[:-2] + ("a" if offer[-2] != "a" else "b") + offer[-1],
        offer.replace("~random~", "~chosen~"),
        "x",
        "~~~~~.x",
    ]

    assert {voter.send(card, "agree", offer=one).status_code for one in forged} == {400}
    assert count(app, "vote") == 0


@pytest.mark.parametrize("statement", ["", "0", "x", "999999"])
def test_a_form_that_names_no_statement_of_the_deliberation_stores_nothing(
    app: Flask, voter: Voter, statement: str
) -> None:
    answer = voter.send(voter.look(), "agree", statement=statement)

    assert answer.status_code == 400
    assert count(app, "vote") == 0


def test_an_offer_made_to_another_browser_is_worth_nothing(app: Flask, voter: Voter) -> None:
    stolen = voter.look()
    other = Voter(app, voter.address.split("/")[2])

    answer = other.send(other.look(), "agree", statement=stolen.fields["statement"], offer=stolen.fields["offer"])

    assert answer.status_code == 400
    assert count(app, "vote") == 0


def test_an_offer_is_worth_nothing_in_another_deliberation(app: Flask, voter: Voter) -> None:
    card = voter.look()
    voter.address = f"/d/{open_deliberation(app)}/vote"

    assert voter.send(card, "agree").status_code == 400
    assert count(app, "vote") == 0


def test_without_cookies_nothing_is_stored_and_the_answer_says_that_they_are_needed(app: Flask, voter: Voter) -> None:
    card = voter.look()
    voter.client.delete_cookie("device")

    answer = voter.send(card, "agree")

    assert answer.status_code == 400
    assert "Cookies must be on" in answer.text
    assert count(app, "vote") == 0


@pytest.mark.parametrize("vote", ["", "yes", "1", "2", "AGREE"])
def test_a_vote_that_is_none_is_refused_and_the_reason_kept(app: Flask, voter: Voter, vote: str) -> None:
    card = voter.look()

    answer = voter.send(card, vote, reason="because <b>")

    assert answer.status_code == 422
    assert "Choose Agree, Disagree, Pass, or Unclear" in answer.text
    assert "because &lt;b&gt;</textarea>" in answer.text
    assert card_of(answer) == card
    assert count(app, "vote") == 0


@pytest.mark.parametrize("htmx", [True, False])
def test_a_reason_too_long_is_refused_and_kept(app: Flask, voter: Voter, htmx: bool) -> None:
    reason = "字" * 281

    answer = voter.send(voter.look(), "agree", htmx=htmx, reason=reason)

    assert answer.status_code == 422
    assert reason in answer.text
    assert [count(app, table) for table in ("vote", "reason")] == [0, 0]


def test_the_card_of_a_refused_vote_can_be_sent_again(app: Flask, voter: Voter) -> None:
    refused = card_of(voter.send(voter.look(), "", reason="why"))

    assert voter.send(refused, "pass", reason="why").status_code == 200
    assert rows(app, "SELECT text FROM reason") == [("why",)]


def test_an_unknown_deliberation_is_not_found(app: Flask, voter: Voter) -> None:
    card = voter.look()
    voter.address = "/d/nowhere/vote"

    assert voter.client.get("/d/nowhere/vote").status_code == 404
    assert voter.send(card, "agree").status_code == 404
    assert voter.client.get("/d/nowhere/mine").status_code == 404


def test_a_page_that_anybody_sees_differently_is_kept_by_no_shared_cache(voter: Voter) -> None:
    headers = voter.client.get(voter.address).headers

    assert "private" in headers["Cache-Control"]
    assert "Cookie" in headers["Vary"]
