"""Six words make a second device the same participant; leaving makes a device nobody's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.participants.devices import LIFE, MOST_FAILURES, WINDOW
from deliberation.participants.models import FailedPassage, Passage
from deliberation.results.snapshot import take
from tests.privacy.people import Person
from tests.voting.voters import count, open_deliberation, rows


def test_after_six_words_both_devices_are_the_same_participant(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    first = phone.vote("agree")
    on_the_table = phone.look()

    answer = laptop.come_in(phone.words())

    assert (answer.status_code, answer.location) == (303, f"{laptop.home}/device")
    assert laptop.look().text == on_the_table.text
    assert first.text in laptop.client.get(f"{laptop.home}/mine").text
    laptop.vote("disagree")
    phone.vote("pass")
    assert count(any_app, "participant") == 1
    assert count(any_app, "vote") == 3
    assert count(any_app, "device") == 2


def test_the_link_holds_the_words_and_looking_at_it_does_not_use_them_up(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    phone.vote("agree")
    words = phone.words()

    pages = [laptop.client.get(f"{laptop.home}/device/join?words={words.replace(' ', '-')}") for _ in range(3)]

    assert all(f'value="{words}"' in page.text for page in pages)
    assert laptop.come_in(words.replace(" ", "-")).status_code == 303


def test_words_work_once(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    phone = Person(any_app, slug)
    phone.vote("agree")
    words = phone.words()

    statuses = [Person(any_app, slug).come_in(words).status_code for _ in range(3)]

    assert statuses == [303, 422, 422]


def test_words_let_one_in_of_many_who_send_them_at_once(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    phone = Person(any_app, slug)
    phone.vote("agree")
    words = phone.words()
    others = [Person(any_app, slug) for _ in range(8)]
    forms = [{"csrf_token": other.token(), "words": words} for other in others]
    ready = threading.Barrier(len(others))

    def come_in(other: Person, form: dict[str, str]) -> int:
        ready.wait()
        return other.client.post(f"{other.home}/device/join", data=form).status_code

    with ThreadPoolExecutor(len(others)) as pool:
        statuses = list(pool.map(come_in, others, forms))

    assert sorted(statuses) == [303] + [422] * 7
    assert count(any_app, "device") == 2


def test_new_words_end_the_earlier_ones(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    phone.vote("agree")
    earlier, later = phone.words(), phone.words()

    assert laptop.come_in(earlier).status_code == 422
    assert laptop.come_in(later).status_code == 303


def test_words_end_after_a_quarter_of_an_hour(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    phone.vote("agree")
    words = phone.words()
    with any_app.app_context(), transaction() as session:
        session.execute(sa.update(Passage).values(expires_at=now()))

    answer = laptop.come_in(words)

    assert timedelta(minutes=15) == LIFE
    assert answer.status_code == 422
    assert words in answer.text
    assert count(any_app, "device") == 1


def test_words_lead_into_no_other_deliberation(any_app: Flask) -> None:
    phone = Person(any_app, open_deliberation(any_app))
    phone.vote("agree")

    assert Person(any_app, open_deliberation(any_app)).come_in(phone.words()).status_code == 422


def test_only_a_hash_of_the_words_is_stored(any_app: Flask) -> None:
    phone = Person(any_app, open_deliberation(any_app))
    phone.vote("agree")

    words = phone.words()

    assert not set(words.split()) & set(str(rows(any_app, "SELECT words_hash FROM passage")))


def test_after_many_wrong_words_no_more_are_looked_at_for_a_while(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    phone, stranger = Person(any_app, slug), Person(any_app, slug)
    phone.vote("agree")
    words = phone.words()

    wrong = {stranger.come_in("acorn badge cabin daisy eagle fabric").status_code for _ in range(MOST_FAILURES)}
    refused = stranger.come_in(words)
    with any_app.app_context(), transaction() as session:
        session.execute(sa.update(FailedPassage).values(tried_at=now() - WINDOW))
    later = stranger.come_in(words)

    assert wrong == {422}
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "127.0.0.1" not in str(rows(any_app, "SELECT sender FROM failed_passage"))
    assert later.status_code == 303


def test_votes_of_a_second_person_that_turns_out_to_be_the_first_are_deleted(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    phone.vote("agree")
    laptop.vote("disagree", reason="Because.")
    warning = laptop.client.get(f"{laptop.home}/device/join").text

    laptop.come_in(phone.words())

    assert "One vote was cast from it" in warning
    assert rows(any_app, "SELECT choice FROM vote") == [(1,)]
    assert count(any_app, "reason") == 0
    with any_app.app_context():
        assert len(take(db.session, deliberation_named(db.session, slug)).votes) == 1


def test_who_has_not_voted_gets_no_words(app: Flask) -> None:
    person = Person(app, open_deliberation(app))

    assert person.press("device/words").status_code == 400
    assert "Type in six words" in person.client.get(f"{person.home}/device").text


def test_pages_with_words_are_kept_by_no_cache(app: Flask) -> None:
    person = Person(app, open_deliberation(app))
    person.vote("agree")

    for answer in (person.press("device/words"), person.client.get(f"{person.home}/mine")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_leaving_clears_the_cookie_and_what_the_browser_kept(any_app: Flask) -> None:
    person = Person(any_app, open_deliberation(any_app))
    person.vote("agree")

    answer = person.press("device/leave")

    assert answer.status_code == 303
    assert person.client.get_cookie("device") is None
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "has forgotten you" in person.client.get(answer.location).text


def test_a_copy_of_the_cookie_finds_nobody_after_leaving(any_app: Flask) -> None:
    slug, other_slug = open_deliberation(any_app, statements=20), open_deliberation(any_app, statements=20)
    person = Person(any_app, slug)
    person.vote("agree")
    person.address = f"/d/{other_slug}/vote"
    person.vote("agree")
    copied = person.cookie()
    person.press("device/leave")

    for each in (slug, other_slug):
        thief = Person(any_app, each)
        thief.client.set_cookie("device", copied)
        assert "You have not voted yet" in thief.client.get(f"{thief.home}/mine").text
        assert thief.press("device/words").status_code == 400
        thief.vote("disagree")

    assert rows(any_app, "SELECT choice, count(*) FROM vote GROUP BY choice ORDER BY choice") == [(-1, 2), (1, 2)]
    assert count(any_app, "participant") == 4


def test_leaving_one_device_leaves_the_other_as_it_is(any_app: Flask) -> None:
    slug = open_deliberation(any_app, statements=20)
    phone, laptop = Person(any_app, slug), Person(any_app, slug)
    card = phone.vote("agree")
    laptop.come_in(phone.words())

    phone.press("device/leave")

    assert card.text in laptop.client.get(f"{laptop.home}/mine").text
    laptop.vote("agree")
    assert count(any_app, "participant") == 1


def test_votes_stand_and_count_after_leaving(any_app: Flask) -> None:
    slug = open_deliberation(any_app)
    person = Person(any_app, slug)
    person.vote("agree")

    person.press("device/leave")

    with any_app.app_context():
        assert len(take(db.session, deliberation_named(db.session, slug)).votes) == 1


@pytest.mark.parametrize("path", ["device/words", "device/join", "device/leave", "mine/erasure"])
def test_without_the_hidden_field_nothing_happens(app: Flask, path: str) -> None:
    person = Person(app, open_deliberation(app))
    person.vote("agree")

    assert person.client.post(f"{person.home}/{path}").status_code == 400
    assert [count(app, table) for table in ("vote", "device", "passage")] == [1, 1, 0]
