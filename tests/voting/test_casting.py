"""A vote is stored once, changed by voting again, and never taken where voting is closed."""

from flask import Flask

from deliberation.db.base import now
from tests.voting.voters import (
    Voter,
    add_statement,
    card_of,
    change_deliberation,
    count,
    decline,
    events,
    open_deliberation,
    rows,
)


def test_a_vote_is_stored_with_its_event_and_both_offers(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))

    card = voter.vote("agree")

    assert rows(any_app, "SELECT statement_id, choice, source FROM vote") == [(card.statement_id, 1, "random")]
    assert events(any_app) == [1]
    assert rows(any_app, "SELECT statement_id, source, probability FROM offer ORDER BY id") == [
        (card.statement_id, "random", 1 / 3),
        (voter.look().statement_id, "random", 1 / 2),
    ]


def test_looking_stores_nothing(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))

    voter.look()
    voter.look()

    assert [count(any_app, table) for table in ("participant", "offer", "vote")] == [0, 0, 0]


def test_the_page_shows_the_same_card_until_it_is_answered(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))

    before = {voter.look().text for _ in range(5)}
    answered = voter.vote("agree").text
    after = {voter.look().text for _ in range(5)}

    assert before == {answered}
    assert len(after) == 1
    assert after.isdisjoint(before)
    assert count(any_app, "offer") == 2


def test_the_answer_to_a_vote_brings_the_card_that_the_page_shows_next(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))

    answer = voter.send(voter.look(), "agree")

    assert card_of(answer).fields == voter.look().fields | {"csrf_token": card_of(answer).fields["csrf_token"]}


def test_the_same_form_twice_is_one_vote_one_event_and_the_same_next_card(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    card = voter.look()

    first, second = (card_of(voter.send(card, "agree")) for _ in range(2))

    assert first == second
    assert count(any_app, "vote") == 1
    assert events(any_app) == [1]
    assert count(any_app, "offer") == 2


def test_another_choice_on_the_same_form_changes_the_vote_and_keeps_the_open_card(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=50))
    card = voter.look()

    first, second = (card_of(voter.send(card, choice)) for choice in ("agree", "disagree"))

    assert first == second
    assert rows(any_app, "SELECT choice FROM vote") == [(-1,)]
    assert events(any_app) == [1, -1]


def test_every_statement_comes_once_and_then_the_pile_ends(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app, statements=20))

    shown = [voter.vote("pass").text for _ in range(20)]

    assert len(set(shown)) == 20
    assert "You have voted on all 20 statements" in voter.client.get(voter.address).text
    assert count(any_app, "offer") == 20


def test_two_browsers_are_two_participants(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)

    Voter(any_app, slug).vote("agree")
    Voter(any_app, slug).vote("disagree")

    assert sorted(rows(any_app, "SELECT choice FROM vote")) == [(-1,), (1,)]
    assert count(any_app, "participant") == 2


def test_one_browser_in_two_deliberations_leaves_rows_that_cannot_be_joined(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    voter.vote("agree")
    voter.address = f"/d/{open_deliberation(any_app)}/vote"
    voter.vote("agree")

    people = rows(any_app, "SELECT p.key, d.token_hash FROM participant p JOIN device d ON d.participant_id = p.id")

    assert len(people) == 2
    assert len({value for person in people for value in person}) == 4


def test_a_statement_added_later_waits_at_the_end_of_the_pile(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=1)
    voter = Voter(any_app, slug)
    voter.vote("agree")

    add_statement(any_app, slug, "A late thought.")

    assert {voter.look().text for _ in range(3)} == {"A late thought."}
    assert count(any_app, "offer") == 2


def test_a_closed_deliberation_takes_no_vote(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.look()
    change_deliberation(any_app, slug, closed_at=now())

    answer = voter.send(card, "agree")

    assert answer.status_code == 409
    assert "Voting has ended" in answer.text
    assert [count(any_app, table) for table in ("participant", "vote", "vote_event", "offer")] == [0] * 4


def test_a_deliberation_not_yet_open_says_so_and_takes_no_vote(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    voter = Voter(any_app, slug)
    card = voter.look()
    change_deliberation(any_app, slug, opened_at=None)

    page, answer = voter.client.get(voter.address), voter.send(card, "agree")

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "Voting has not begun" in page.text
    assert count(any_app, "vote") == 0


def test_a_declined_statement_takes_no_vote_and_another_one_comes_instead(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=2)
    voter = Voter(any_app, slug)
    card = voter.look()
    decline(any_app, slug, card.statement_id)

    answer = voter.send(card, "agree")

    assert answer.status_code == 409
    assert "was not saved" in answer.text
    assert card_of(answer).statement_id != card.statement_id
    assert count(any_app, "vote") == 0


def test_a_declined_statement_is_never_shown(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=4)
    voter = Voter(any_app, slug)
    voter.vote("agree")
    declined = voter.look()
    decline(any_app, slug, declined.statement_id)

    shown = [voter.vote("agree").text for _ in range(2)]

    assert declined.text not in shown
    assert "You have voted on all 3 statements" in voter.client.get(voter.address).text


def test_a_vote_is_refused_even_where_this_process_has_not_heard_of_the_decision(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=2)
    voter = Voter(any_app, slug)
    voter.vote("agree")
    card = voter.look()
    decline(any_app, slug, card.statement_id, raises_version=False)

    answer = voter.send(card, "agree")

    assert answer.status_code == 409
    assert count(any_app, "vote") == 1
