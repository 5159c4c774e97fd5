"""A participant is a random number in a cookie that nobody but us can make, and no database row gives away."""

import re

from flask import Flask

from deliberation.participants.identity import Device, make_key
from tests.voting.voters import Voter, count, open_deliberation, rows


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask) -> None:
    answer = app.test_client().get(f"/d/{open_deliberation(app)}/vote")

    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Max-Age=34560000" in cookie


def test_over_https_the_cookie_is_sent_over_https_only(app: Flask) -> None:
    answer = app.test_client().get(f"/d/{open_deliberation(app)}/vote", base_url="https://localhost")

    assert all("Secure" in value for value in answer.headers.getlist("Set-Cookie") if value.startswith("device="))


def test_one_comes_back_as_the_same_participant(app: Flask) -> None:
    voter = Voter(app, open_deliberation(app))

    voter.vote("agree")
    voter.vote("agree")

    assert count(app, "participant") == 1


def test_a_cookie_that_we_did_not_sign_makes_a_new_participant(app: Flask) -> None:
    slug = open_deliberation(app)
    first, second = Voter(app, slug), Voter(app, slug)
    first.vote("agree")
    stolen = re.sub(r"\.[^.]*$", ".forged", _cookie(first))
    second.client.set_cookie("device", stolen)

    second.vote("agree")

    assert count(app, "participant") == 2


def test_neither_the_token_nor_its_plain_hash_is_stored(app: Flask) -> None:
    voter = Voter(app, open_deliberation(app))
    voter.vote("agree")
    token = _cookie(voter).rsplit(".", 1)[0]

    stored = rows(app, "SELECT p.key, d.token_hash FROM participant p JOIN device d ON d.participant_id = p.id")[0]

    assert token not in stored
    assert stored[1] == Device(token, is_new=False).hash_in(1)


def test_public_ids_are_words_that_no_spreadsheet_reads_as_a_number_or_formula() -> None:
    keys = {make_key() for _ in range(1000)}

    assert len(keys) == 1000
    assert all(re.fullmatch("[b-df-hj-np-tv-xz]{12}", key) for key in keys)


def _cookie(voter: Voter) -> str:
    cookie = voter.client.get_cookie("device")
    assert cookie
    return cookie.value
