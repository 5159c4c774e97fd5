"""The list of one's own votes: complete, changeable while voting is open, and also there as a file."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberation.db.base import now
from tests.voting.voters import HTMX, Voter, change_deliberation, count, decline, events, open_deliberation, rows


def test_the_list_holds_each_vote_and_its_reason(app: Flask) -> None:
    voter = _voter(app)
    first = voter.vote("agree", reason="It helps.")
    second = voter.vote("disagree")

    page = _mine(voter)

    for card in (first, second):
        assert card.text in page.text
    assert "It helps." in page.text
    assert ("You agreed" in page.text, "You disagreed" in page.text, "You passed" in page.text) == (True, True, False)


def test_a_vote_is_changed_from_the_list_and_the_change_is_an_event(any_app: Flask) -> None:
    voter = _voter(any_app)
    card = voter.vote("agree")

    answer = _change(voter, card.statement_id, "pass")

    assert (answer.status_code, answer.location) == (303, f"{voter.address[:-4]}mine#statement-{card.statement_id}")
    assert rows(any_app, "SELECT choice, source FROM vote") == [(0, "random")]
    assert events(any_app) == [1, 0]
    assert count(any_app, "offer") == 2


def test_htmx_gets_the_changed_row_alone(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree")

    answer = _change(voter, card.statement_id, "disagree", HTMX)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<li")
    assert "You disagreed" in answer.text


@pytest.mark.parametrize("vote", ["", "yes", "2"])
def test_what_is_no_vote_changes_nothing(app: Flask, vote: str) -> None:
    voter = _voter(app)
    card = voter.vote("agree")

    assert _change(voter, card.statement_id, vote).status_code == 400
    assert events(app) == [1]


def test_nobody_votes_from_the_list_on_a_statement_that_was_not_offered(app: Flask) -> None:
    voter = _voter(app)
    voter.vote("agree")
    other = int(str(rows(app, "SELECT id FROM statement WHERE id NOT IN (SELECT statement_id FROM vote)")[0][0]))

    assert _change(voter, other, "agree").status_code == 409
    assert count(app, "vote") == 1


def test_somebody_elses_vote_cannot_be_changed(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree")
    other = Voter(app, voter.address.split("/")[2])
    other.vote("agree")
    other.vote("agree")
    other.vote("agree")

    _change(other, card.statement_id, "disagree")

    standing = rows(app, "SELECT choice FROM vote ORDER BY participant_id, statement_id")
    assert sorted(standing) == [(-1,), (1,), (1,), (1,)]
    assert "You agreed" in _mine(voter).text


def test_without_the_hidden_field_nothing_changes(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree")

    answer = voter.client.post(_address(voter), data={"statement": card.statement_id, "vote": "pass"})

    assert answer.status_code == 400
    assert events(app) == [1]


def test_after_closing_the_list_stays_and_nothing_changes(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.vote("agree")
    token = card.fields["csrf_token"]
    change_deliberation(any_app, slug, closed_at=now())

    answer = voter.client.post(
        _address(voter), data={"csrf_token": token, "statement": card.statement_id, "vote": "pass"}
    )

    assert answer.status_code == 409
    assert events(any_app) == [1]
    assert '<button name="vote"' not in _mine(voter).text
    assert card.text in _mine(voter).text


def test_a_vote_on_a_withdrawn_statement_is_shown_but_cannot_be_changed(app: Flask) -> None:
    slug = open_deliberation(app)
    voter = Voter(app, slug)
    card = voter.vote("agree")
    decline(app, slug, card.statement_id)

    page = _mine(voter).text

    assert "Withdrawn by the moderators" in page
    assert '<button name="vote"' not in page


def test_somebody_without_votes_is_shown_the_way_to_the_first(app: Flask) -> None:
    voter = _voter(app)

    page = _mine(voter)

    assert "You have not voted yet" in page.text
    assert page.text.count("button primary") == 1
    assert count(app, "participant") == 0


def test_the_list_is_there_as_csv_and_json(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree", reason="=1+1")

    table = voter.client.get(f"{_address(voter)}.csv")
    listed = voter.client.get(f"{_address(voter)}.json")

    head, row = table.text.strip("\ufeff").strip().splitlines()
    assert head == "statement,text,vote,reason,cast_at,important,counted"
    assert row.split(",")[1:4] == [card.text, "agree", "'=1+1"]
    assert [(one["text"], one["vote"], one["reason"]) for one in listed.json or []] == [(card.text, "agree", "=1+1")]


def test_a_vote_is_withdrawn_from_the_list_and_counts_nowhere(any_app: Flask) -> None:
    voter = _voter(any_app)
    card = voter.vote("agree", reason="It helps.")

    answer = _press(voter, card.statement_id, withdraw="1")
    page = voter.client.get(answer.location)

    assert answer.status_code == 303
    assert "Your vote was withdrawn" in page.text
    assert [count(any_app, table) for table in ("vote", "reason")] == [0, 0]
    assert events(any_app) == [1, None]


def test_a_withdrawn_statement_may_come_again_and_be_voted_on(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=2))
    card = voter.vote("agree")
    voter.vote("agree")
    _press(voter, card.statement_id, withdraw="1")

    again = voter.vote("disagree")

    assert again.text == card.text
    assert count(any_app, "vote") == 2
    assert count(any_app, "offer") == 3


def test_withdrawing_twice_is_one_withdrawal(any_app: Flask) -> None:
    voter = _voter(any_app)
    card = voter.vote("agree")
    voter.vote("agree")

    statuses = [_press(voter, card.statement_id, HTMX, withdraw="1").status_code for _ in range(2)]

    assert statuses == [200, 409]
    assert events(any_app) == [1, 1, None]


def test_htmx_is_told_that_the_vote_is_withdrawn(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree")

    answer = _press(voter, card.statement_id, HTMX, withdraw="1")

    assert answer.text.lstrip().startswith("<li")
    assert "It counts nowhere" in answer.text


def test_the_mark_is_set_and_taken_away_in_the_list(any_app: Flask) -> None:
    voter = _voter(any_app)
    card = voter.vote("agree")

    marked = _press(voter, card.statement_id, HTMX, important="1")
    unmarked = _press(voter, card.statement_id, HTMX, important="0")

    assert ["Matters to you" in answer.text for answer in (marked, unmarked)] == [True, False]
    assert rows(any_app, "SELECT choice, important FROM vote_event ORDER BY id") == [(1, False), (1, True), (1, False)]


def test_a_changed_vote_keeps_its_mark_and_its_reason(any_app: Flask) -> None:
    voter = _voter(any_app)
    card = voter.vote("agree", important="1", reason="It helps.")

    _press(voter, card.statement_id, vote="unclear")

    assert rows(any_app, "SELECT choice, important FROM vote") == [(2, True)]
    assert "Unclear to you" in _mine(voter).text
    assert "It helps." in _mine(voter).text


def test_the_list_is_filtered_by_vote_and_by_words(app: Flask) -> None:
    voter = _voter(app)
    agreed = voter.vote("agree", reason="Straße first")
    passed = voter.vote("pass")

    def shown(query: str) -> list[bool]:
        text = voter.client.get(f"{_address(voter)}?{query}").text
        return [card.text in text for card in (agreed, passed)]

    assert shown("vote=agree") == [True, False]
    assert shown("vote=pass") == [False, True]
    assert shown("vote=unclear") == [False, False]
    assert shown("text=STRASSE") == [True, False]
    assert shown("text=assistant+thing") == [True, True]
    assert shown("text=thing&vote=pass") == [False, True]
    assert shown("vote=nonsense") == [True, True]


def test_a_change_in_a_filtered_list_comes_back_to_it(app: Flask) -> None:
    voter = _voter(app)
    card = voter.vote("agree")
    form = {"csrf_token": card.fields["csrf_token"], "statement": card.fields["statement"], "vote": "pass"}

    answer = voter.client.post(f"{_address(voter)}?vote=agree&text=thing", data=form)

    assert answer.location == f"{_address(voter)}?vote=agree&text=thing#statement-{card.statement_id}"


def test_a_vote_that_does_not_count_says_so(app: Flask) -> None:
    voter = _voter(app)
    card = voter.look()
    other = str(rows(app, f"SELECT id FROM statement WHERE id <> {card.statement_id}")[0][0])
    voter.send(card, "agree", statement=other)

    assert "Kept, but not counted" in _mine(voter).text


def _voter(app: Flask) -> Voter:
    return Voter(app, open_deliberation(app))


def _address(voter: Voter) -> str:
    return voter.address.removesuffix("vote") + "mine"


def _mine(voter: Voter) -> TestResponse:
    return voter.client.get(_address(voter))


def _change(voter: Voter, statement_id: int, vote: str, headers: dict[str, str] | None = None) -> TestResponse:
    return _press(voter, statement_id, headers, vote=vote)


def _press(voter: Voter, statement_id: int, headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]*)"', _mine(voter).text)
    assert found
    form = {"csrf_token": found[1], "statement": str(statement_id)} | fields
    return voter.client.post(_address(voter), data=form, headers=headers)
