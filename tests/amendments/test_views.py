"""An amendment's public page, and the same as files."""

import json

import pytest

from deliberation.amendments.models import Amendment, State
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Statement
from tests.amendments.repositories import a_repository
from tests.amendments.scenes import SPEC, one_of_each


@pytest.fixture
def amendments(app):
    """The ids of the amendments, by the key of the statement that gave the wording."""
    with app.app_context():
        one_of_each()
        return {each.evidence[0].statement.key: each.id for each in db.session.query(Amendment)}


def test_the_page_shows_statement_change_evidence_and_dissent(client, amendments):
    page = client.get(f"/amendments/{amendments['candour-0']}")

    assert page.status_code == 200
    assert page.text.count("Feedback should name the one problem that matters most instead of ten") == 4
    assert "suggested by the analysis, wording to be edited" in page.text
    assert "It says what it could not check." in page.text
    assert "needs 65%, has 85.5%" in page.text
    assert "3 people voted the other way." in page.text


def test_what_people_wrote_is_text_in_its_own_language(client, amendments):
    page = client.get(f"/amendments/{amendments['candour-0']}").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; 我不同意。" in page
    assert "<script>alert" not in page
    assert '<p lang="en" dir="auto" data-user-text>' in page


def test_an_example_is_shown_as_who_says_what(client, amendments):
    page = client.get(f"/amendments/{amendments['A']}").text

    assert "A poem &amp; a plea</h1>" in page
    assert "<b>Good answer A:</b>" in page
    assert "<b>Bad answer B:</b>" in page


def test_evidence_names_the_answer_that_its_statement_is_about(client, amendments):
    page = client.get(f"/amendments/{amendments['A']}").text

    assert "<span>on answer A</span>" in page
    assert "<span>on answer B</span>" in page


def test_the_patch_of_one_amendment_applies_to_the_release(client, amendments, tmp_path):
    patch = client.get(f"/amendments/{amendments['manner-0']}.patch")

    repository = a_repository(tmp_path / "repository", SPEC.encode())
    (tmp_path / "one.patch").write_bytes(patch.data)
    repository.git("apply", "--check", str(tmp_path / "one.patch"))
    repository.git("am", str(tmp_path / "one.patch"))
    assert repository.log("%s") == ["[draft] manner: 回答应当简短。"]


def test_the_record_of_one_amendment_is_at_its_address(client, amendments):
    record = json.loads(client.get(f"/amendments/{amendments['candour-0']}.json").data)

    assert (record["statement"], record["also"]) == ("candour-0", ["candour-1"])
    assert [evidence["statement"] for evidence in record["evidence"]] == ["candour-0", "candour-1"]


@pytest.mark.parametrize("ending", ["", ".patch", ".json"])
def test_an_amendment_that_does_not_exist_is_not_found(client, ending):
    assert client.get(f"/amendments/999{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["", ".patch", ".json"])
def test_an_amendment_in_the_words_of_a_declined_statement_is_gone(app, client, amendments, ending):
    with app.app_context(), transaction() as session:
        session.query(Statement).filter_by(key="manner-0").one().moderation = "declined"

    assert client.get(f"/amendments/{amendments['manner-0']}{ending}").status_code == 404


def test_evidence_that_was_declined_since_is_not_shown(app, client, amendments):
    with app.app_context(), transaction() as session:
        session.query(Statement).filter_by(key="candour-1").one().moderation = "declined"

    page = client.get(f"/amendments/{amendments['candour-0']}").text

    assert "and not list ten of equal weight" not in page


@pytest.mark.parametrize(("state", "words"), [(State.APPROVED, "Approved"), (State.SUPERSEDED, "Set aside")])
def test_the_page_says_where_the_amendment_stands(app, client, amendments, state, words):
    with app.app_context(), transaction() as session:
        session.get_one(Amendment, amendments["manner-0"]).state = state

    page = client.get(f"/amendments/{amendments['manner-0']}").text

    assert f"</svg>{words}</span>" in page
