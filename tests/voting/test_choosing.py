"""Statements opened by their own address, and votes on statements that were put before nobody."""

import sqlalchemy as sa
from flask import Flask

from deliberation.db.session import db
from deliberation.deliberations.models import Statement
from deliberation.deliberations.reading import deliberation_named
from deliberation.participants.identity import Device
from deliberation.results.snapshot import take
from deliberation.voting.casting import Answer, keep
from deliberation.voting.models import Choice
from deliberation.voting.visiting import arrive
from tests.voting.voters import Voter, card_of, count, decline, events, open_deliberation, rows


def test_a_statement_has_an_address_of_its_own(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))

    assert {voter.open(str(number)).text for number in range(1, 21)} == {
        f"The assistant should do thing {number}." for number in range(1, 21)
    }
    assert [count(any_app, table) for table in ("participant", "offer", "vote")] == [0, 0, 0]


def test_a_vote_on_it_is_chosen_by_oneself_without_a_probability(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    voter.vote("agree")
    card = voter.open(_other_key(any_app, voter))

    answer = voter.send(card, "disagree")

    assert answer.status_code == 200
    assert rows(any_app, f"SELECT choice, source FROM vote WHERE statement_id = {card.statement_id}") == [
        (-1, "chosen")
    ]
    assert rows(any_app, f"SELECT source, why, probability FROM offer WHERE statement_id = {card.statement_id}") == [
        ("chosen", "chosen", None)
    ]


def test_it_counts_in_the_results_and_stays_out_of_the_random_sample(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    voter = Voter(any_app, slug)
    voter.vote("agree")
    chosen = voter.open(_other_key(any_app, voter))
    voter.send(chosen, "agree")

    with any_app.app_context():
        snapshot = take(db.session, deliberation_named(db.session, slug))

    assert len(snapshot.votes) == 2
    assert snapshot.not_offered == 0
    records = snapshot.beside.records
    assert records is not None
    assert sorted(records.random.tolist()) == [False, True]


def test_opening_a_statement_leaves_the_drawn_card_where_it_is(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    voter.vote("agree")
    drawn = voter.look()

    answer = voter.send(voter.open(_other_key(any_app, voter)), "agree")

    assert card_of(answer).text == drawn.text
    assert voter.look().text == drawn.text
    assert count(any_app, "offer") == 3


def test_the_first_vote_may_be_on_a_statement_that_one_opened(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))

    answer = voter.send(voter.open("7"), "agree")

    assert answer.status_code == 200
    assert rows(any_app, "SELECT source FROM vote") == [("chosen",)]
    assert rows(any_app, "SELECT source FROM offer ORDER BY id") == [("chosen",), ("random",)]
    assert voter.look().text == card_of(answer).text


def test_opening_the_very_card_that_was_drawn_makes_it_no_choice(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    voter.vote("agree")
    key = voter.look().text.split()[-1].rstrip(".")

    voter.send(voter.open(key), "agree")

    assert rows(any_app, "SELECT source FROM vote") == [("random",)] * 2


def test_the_same_form_twice_is_one_vote(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    card = voter.open("3")

    answers = [card_of(voter.send(card, "agree")).text for _ in range(2)]

    assert answers[0] == answers[1]
    assert events(any_app) == [1]
    assert count(any_app, "offer") == 2


def test_undo_brings_a_chosen_card_back_as_chosen(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    voter.vote("agree")
    drawn = voter.look()
    card = voter.open(_other_key(any_app, voter))
    voter.send(card, "agree")

    answer = voter.undo(card)

    assert card_of(answer).text == card.text
    assert f"statement={card.text.split()[-1].rstrip('.')}" in answer.headers["HX-Replace-Url"]
    assert voter.look().text == drawn.text
    voter.send(card_of(answer), "pass")
    assert rows(any_app, f"SELECT choice, source FROM vote WHERE statement_id = {card.statement_id}") == [(0, "chosen")]


def test_a_statement_voted_on_before_says_so_and_another_vote_takes_its_place(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))
    first = voter.vote("agree", important="1")
    key = first.text.split()[-1].rstrip(".")

    page = voter.client.get(f"{voter.address}?statement={key}")
    voter.send(card_of(page), "disagree")

    assert "You agreed" in page.text
    assert rows(any_app, f"SELECT choice, source FROM vote WHERE statement_id = {first.statement_id}") == [
        (-1, "random")
    ]


def test_an_unknown_or_declined_statement_is_not_found(app: Flask) -> None:
    slug = open_deliberation(app)
    voter = Voter(app, slug)
    decline(app, slug, int(str(rows(app, "SELECT min(id) FROM statement")[0][0])))

    statuses = [voter.client.get(f"{voter.address}?statement={key}").status_code for key in ("1", "2", "99", "")]

    assert statuses == [404, 200, 404, 404]


def test_a_vote_on_a_statement_that_was_not_offered_is_kept_and_counts_in_no_result(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    voter = Voter(any_app, slug)
    card = voter.look()
    other = _another(any_app, card.statement_id)

    answer = voter.send(card, "agree", statement=str(other))

    assert answer.status_code == 200
    assert "counts in no result" in answer.text
    assert rows(any_app, "SELECT statement_id, choice, source FROM vote") == [(other, 1, None)]
    with any_app.app_context():
        snapshot = take(db.session, deliberation_named(db.session, slug))
    assert (len(snapshot.votes), snapshot.not_offered) == (0, 1)
    assert card_of(answer).statement_id != other


def test_what_another_program_sends_is_kept_in_the_same_way(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    with any_app.app_context():
        device = Device("a program", is_new=True)
        for statement_id in list(db.session.scalars(sa.select(Statement.id))):
            keep(arrive(slug, device), statement_id, Answer(Choice.DISAGREE))
        snapshot = take(db.session, deliberation_named(db.session, slug))

    assert count(any_app, "vote") == 20
    assert count(any_app, "participant") == 1
    assert (len(snapshot.votes), snapshot.not_offered) == (0, 20)


def test_a_kept_vote_counts_once_it_is_cast_where_it_was_offered(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=2)
    voter = Voter(any_app, slug)
    card = voter.look()
    voter.send(card, "agree", statement=str(_another(any_app, card.statement_id)))

    shown = {voter.vote("agree").text for _ in range(2)}

    assert len(shown) == 2
    assert rows(any_app, "SELECT choice, source FROM vote") == [(1, "random")] * 2
    assert count(any_app, "vote_event") == 3


def _other_key(app: Flask, voter: Voter) -> str:
    """The key of a statement that is neither voted on nor on the table."""
    open_card = voter.look().statement_id
    query = f"SELECT key FROM statement WHERE id <> {open_card} AND id NOT IN (SELECT statement_id FROM vote)"
    return str(rows(app, f"{query} ORDER BY id")[0][0])


def _another(app: Flask, statement_id: int) -> int:
    return int(str(rows(app, f"SELECT id FROM statement WHERE id <> {statement_id} ORDER BY id")[0][0]))
