"""A deliberation's front page: voting begins there, and what is at stake is quoted."""

import csv
import io
import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, DeliberationSection
from deliberation.spec.models import Section
from tests.builders import a_deliberation, a_prompt, a_statement, add
from tests.results.deliberated import words
from tests.spec_releases import a_release

CONSENT = "By voting you agree that counts of votes are published"


def put(app: Flask, **columns: object) -> None:
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, slug="candour", **columns)
        for text in ("The assistant should be plain.", "The assistant should be kind."):
            a_statement(session, deliberation, text=text, prompt_id=a_prompt(session, deliberation).id)


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def vote(client: FlaskClient, page: str, choice: str) -> str:
    answer = client.post("/d/candour/vote", data=fields_of(page) | {"vote": choice}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_buttons_of_the_first_statement_vote(app: Flask, client: FlaskClient) -> None:
    put(app)

    after = vote(client, client.get("/d/candour").text, "disagree")

    assert "Disagreed, saved" in after
    with app.app_context():
        assert db.session.execute(sa.text("SELECT choice, source FROM vote")).all() == [(-1, "random")]


def test_consent_stands_above_the_buttons_until_somebody_has_voted(app: Flask, client: FlaskClient) -> None:
    put(app)
    before = client.get("/d/candour").text
    vote(client, before, "agree")

    after = client.get("/d/candour").text

    assert before.index(CONSENT) < before.index('class="vote-buttons"')
    assert CONSENT not in after
    assert "Statement 2 of about 2" in after


def test_the_page_shows_the_statement_that_the_voting_page_shows(app: Flask, client: FlaskClient) -> None:
    put(app)

    front, card = client.get("/d/candour").text, client.get("/d/candour/vote").text

    assert fields_of(front)["statement"] == fields_of(card)["statement"]


def test_who_has_voted_on_everything_finds_no_buttons(app: Flask, client: FlaskClient) -> None:
    put(app)
    for _ in range(2):
        vote(client, client.get("/d/candour").text, "agree")

    page = client.get("/d/candour")

    assert page.status_code == 200
    assert 'class="vote-buttons"' not in page.text


def test_a_closed_deliberation_has_no_buttons_and_asks_nobody_to_vote(app: Flask, client: FlaskClient) -> None:
    put(app, closed_at=now())

    page = client.get("/d/candour").text

    assert 'class="vote-buttons"' not in page
    assert "stop any time" not in page
    assert CONSENT not in page
    assert "Set-Cookie" not in client.get("/d/candour").headers


def test_a_description_is_drawn_from_its_markdown(app: Flask, client: FlaskClient) -> None:
    put(app, description="Read [this](https://example.org/a) **first**.")

    for address in ("/", "/d/candour"):
        page = client.get(address).text
        assert '<a href="https://example.org/a" rel="nofollow noopener ugc">this</a> <strong>first</strong>' in page


def test_sections_are_quoted_and_those_that_nobody_is_asked_about_are_folded_away(
    app: Flask, client: FlaskClient, tmp_path
) -> None:
    put(app)
    _tie(app, tmp_path, ["be_candid", "do_no_harm"])

    page = client.get("/d/candour").text

    said = words(page)
    assert "One section of the spec" in said
    assert "“The assistant is candid.”" in said
    assert "“The assistant does no harm.”" not in said
    assert "One further section that nobody is asked about Do no harm" in said
    assert 'href="/spec/sample#be_candid">Read §\u00a0Be candid</a>' in page
    assert said.count("A default that you can change by telling the assistant.") == 1
    assert "A hard rule that nobody can set aside" not in said


def test_where_no_statement_is_tied_to_a_section_all_are_at_stake(app: Flask, client: FlaskClient, tmp_path) -> None:
    put(app)
    _tie(app, tmp_path, [])

    said = words(client.get("/d/candour").text)

    assert "2 sections of the spec" in said
    assert "nobody is asked about" not in said


def test_the_list_of_deliberations_is_a_table_too(app: Flask, client: FlaskClient) -> None:
    put(app, title="=How candid?")

    answer = client.get("/deliberations.csv")

    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["slug"], row["title"], row["state"], row["statements"]) == ("candour", "'=How candid?", "open", "2")
    assert "/deliberations.csv" in client.get("/").text


def _tie(app: Flask, folder, asked: list[str]) -> None:
    """Give the deliberation a release with two sections at stake, and its statements to the first of `asked`."""
    with app.app_context(), transaction() as session:
        release = a_release(session, folder, "sample")
        deliberation = session.scalars(sa.select(Deliberation)).one()
        deliberation.release_id = release.id
        for key in ("be_candid", "do_no_harm"):
            section = session.scalars(sa.select(Section).where(Section.key == key)).one()
            add(session, DeliberationSection(deliberation_id=deliberation.id, section_id=section.id))
            if key in asked[:1]:
                session.execute(sa.text("UPDATE prompt SET section_id = :id"), {"id": section.id})
