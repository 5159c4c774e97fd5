"""The workbench's pages of a deliberation: created by a form, filled, opened, closed, statements placed."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Prompt, Statement
from tests.builders import a_deliberation, a_statement
from tests.logging_in import csrf_token, log_in, login_path
from tests.spec_releases import a_release

NEW = "/maintain/deliberations/new"


@pytest.fixture
def maintainer(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser in which an admin is logged in."""
    log_in(client, login_path(app.test_cli_runner()))
    return client


@pytest.fixture
def candour(app: Flask, tmp_path) -> str:
    """A deliberation about two sections of the small spec, without prompts."""
    with app.app_context(), transaction() as session:
        release = a_release(session, tmp_path / "spec")
        sections = [section for section in release.sections if section.authority]
        return a_deliberation(session, slug="candour", release=release, sections=sections, opened_at=None).slug


def post(client: FlaskClient, page: str, action: str = "", **fields: Any) -> TestResponse:
    """Fill in the form of a page and send it."""
    return client.post(action or page, data={"csrf_token": csrf_token(client, page), **fields})


def add_prompt(client: FlaskClient, **fields: Any) -> TestResponse:
    return post(client, "/maintain/d/candour/prompts/new", "/maintain/d/candour/prompts", rows="4", **fields)


def rows_in(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def errors_in(response: TestResponse) -> list[str]:
    """What the summary of errors says, line by line."""
    summary = re.search(r'class="error-summary".*?</div>', response.text, re.DOTALL)
    return re.findall(r"<li><a[^>]*>(.*?)</a>", summary[0]) if summary else []


def test_a_deliberation_is_created_with_its_sections(app, maintainer, tmp_path):
    with app.app_context(), transaction() as session:
        a_release(session, tmp_path / "spec")

    answer = post(
        maintainer, NEW, title="How candid?", description="Why.", language="en", spec="sample", sections="be_candid"
    )

    assert (answer.status_code, answer.location) == (303, "/maintain/d/how-candid")
    with app.app_context():
        made = db.session.scalars(select(Deliberation)).one()
        assert (made.title, made.description, made.language) == ("How candid?", "Why.", "en")
        assert made.release is not None
        assert (made.release.label, [section.key for section in made.sections]) == ("sample", ["be_candid"])
        assert not made.is_open


def test_the_page_of_a_new_deliberation_says_what_to_do_next(maintainer):
    page = maintainer.get(post(maintainer, NEW, title="How candid?", language="en").location)

    assert page.status_code == 200
    assert "Created. Add prompts with statements to vote on, then open it." in page.text
    assert "No prompts yet" in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Question: Write something here."),
        ({"title": "a"}, "Question: 1 characters; 3 to 200 are possible"),
        ({"slug": "Not so"}, "Name in the address: &#39;Not so&#39; cannot be a name in addresses"),
        ({"title": "应该坦率吗"}, "Name in the address: no name in addresses can be made from"),
        ({"language": "English"}, "Language: &#39;English&#39; is no code of a language"),
        ({"sections": "be_kind"}, "Sections at stake: "),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_text_is_kept(app, maintainer, fields, said):
    typed = {"title": "How candid?", "description": "Words that took an hour.", "language": "en"}

    answer = post(maintainer, NEW, **(typed | fields))

    assert answer.status_code == 422
    assert errors_in(answer)[0].startswith(said)
    assert "Words that took an hour." in answer.text
    assert rows_in(app, Deliberation) == 0


def test_a_name_that_is_taken_is_said_at_its_field(app, maintainer, candour):
    answer = post(maintainer, NEW, title="Another one?", slug="candour", language="en")

    assert answer.status_code == 422
    assert errors_in(answer)[0].startswith("Name in the address: there is a deliberation &#39;candour&#39; already")
    assert rows_in(app, Deliberation) == 1


def test_of_several_releases_one_is_chosen_first(app, maintainer, tmp_path):
    with app.app_context(), transaction() as session:
        a_release(session, tmp_path / "one", "2025")
        a_release(session, tmp_path / "two", "2026")

    page = maintainer.get(f"{NEW}?spec=2025")

    assert '<option value="2025" selected>' in page.text
    assert 'name="spec" type="hidden" value="2025"' in page.text


def test_a_refused_form_still_lets_the_release_be_chosen(app, maintainer, tmp_path):
    with app.app_context(), transaction() as session:
        a_release(session, tmp_path / "one", "2025")
        a_release(session, tmp_path / "two", "2026")

    answer = post(maintainer, NEW, title="", language="en", spec="2025")

    assert answer.status_code == 422
    assert '<option value="2025" selected>' in answer.text
    assert '<option value="2026">' in answer.text


def test_a_prompt_comes_from_the_spec_with_statements_a_line_each(app, maintainer, candour):
    answer = add_prompt(maintainer, source="example: be_candid/a poem", statements="Be plain.\r\n\r\n  Be kind. \r\n")

    assert (answer.status_code, answer.location) == (303, "/maintain/d/candour")
    with app.app_context():
        prompt = db.session.scalars(select(Prompt)).one()
        assert (prompt.title, prompt.source) == ("a poem", "example: be_candid/a poem")
        assert prompt.section is not None
        assert prompt.section.key == "be_candid"
        assert db.session.scalars(select(Statement.text).order_by(Statement.position)).all() == [
            "Be plain.",
            "Be kind.",
        ]
        assert db.session.scalars(select(Deliberation.version)).one() == 2


def test_every_prompt_of_the_spec_can_be_chosen(maintainer, candour):
    page = maintainer.get("/maintain/d/candour/prompts/new").text

    for source in (
        "example: be_candid/a poem",
        "example: be_candid/a question",
        "example: do_no_harm/a question",
        "evaluation: 7bwp/1",
        "evaluation: 7bwp/2",
    ):
        assert f'value="{source}"' in page


def test_a_prompt_is_typed_in_with_responses_and_statements_about_them(app, maintainer, candour):
    answer = add_prompt(
        maintainer,
        title="A novel",
        section="do_no_harm",
        role_1="developer",
        content_1="You help writers.",
        role_3="user",
        content_3="Is it good?",
        response_1="Not yet.",
        claim_1="The assistant should answer as in A.",
        response_4="Sure.",
        statements="Be plain.",
    )

    assert answer.status_code == 303
    with app.app_context():
        prompt = db.session.scalars(select(Prompt)).one()
        assert [(each["role"], each["content"]) for each in prompt.messages] == [
            ("developer", "You help writers."),
            ("user", "Is it good?"),
        ]
        assert [(each.key, each.text) for each in prompt.responses] == [("A", "Not yet."), ("B", "Sure.")]
        plain, claim = db.session.scalars(select(Statement).order_by(Statement.position))
        assert (plain.text, plain.response) == ("Be plain.", None)
        assert claim.response is not None
        assert (claim.text, claim.response.key) == ("The assistant should answer as in A.", "A")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"content_1": ""}, "A prompt of the spec: exactly one of messages, example and evaluation is needed"),
        (
            {"source": "example: be_candid/a poem"},
            "A prompt of the spec: exactly one of messages, example and evaluation",
        ),
        ({"source": "example: a song"}, "A prompt of the spec: Not a valid choice."),
        ({"statements": "Be plain.\nNo"}, "Statements to vote on: Line 2: 2 characters; 3 to 400 are possible"),
        ({"claim_2": "It is right."}, "Statement that calls response 2 a good default: Write the response"),
        ({"response_2": "Yes.", "claim_2": "B"}, "Statement that calls response 2 a good default: 1 characters"),
        ({"content_2": "x" * 20_001}, "Message 2: 20001 characters; 1 to 20000 are possible"),
    ],
)
def test_a_prompt_that_is_wrong_is_refused_at_its_field_and_the_text_is_kept(app, maintainer, candour, fields, said):
    typed = {"content_1": "Is it good?", "title": "A title that took an hour", "statements": "Be plain."}

    answer = add_prompt(maintainer, **(typed | fields))

    assert answer.status_code == 422
    assert errors_in(answer)[0].startswith(said)
    assert "A title that took an hour" in answer.text
    assert rows_in(app, Prompt) == 0


def test_more_rows_keep_what_was_typed(maintainer, candour):
    answer = add_prompt(maintainer, content_4="The last row.", more="1")

    assert answer.status_code == 200
    assert "The last row." in answer.text
    assert 'name="content_8"' in answer.text
    assert errors_in(answer) == []


def test_it_is_opened_and_closed_by_a_button(app, maintainer, candour):
    add_prompt(maintainer, content_1="Is it good?", statements="Be plain.")

    states = []
    for noun in ("openings", "closings", "openings"):
        answer = post(maintainer, "/maintain/d/candour", f"/maintain/d/candour/{noun}")
        assert answer.status_code == 303
        with app.app_context():
            states.append(db.session.scalars(select(Deliberation)).one().is_open)

    assert states == [True, False, True]
    assert "Opened. People can vote now." in maintainer.get("/maintain/d/candour").text


def test_without_statements_the_button_says_why_it_is_blocked(maintainer, candour):
    page = maintainer.get("/maintain/d/candour").text

    assert "There are no statements to vote on yet." in page
    assert post(maintainer, "/maintain/d/candour", "/maintain/d/candour/openings").status_code == 409


def test_a_statement_is_placed_by_hand(app, maintainer, candour):
    add_prompt(maintainer, source="example: be_candid/a poem", statements="Be plain.")
    before = maintainer.get("/maintain/d/candour.json").json

    answer = post(
        maintainer, "/maintain/d/candour", "/maintain/d/candour/placements", statement="1", section="do_no_harm"
    )

    assert (answer.status_code, answer.location) == (303, "/maintain/d/candour#statement-1")
    after = maintainer.get("/maintain/d/candour.json").json
    assert [(each["section"], each["placed"]) for each in (*before, *after)] == [
        ("be_candid", "prompt"),
        ("do_no_harm", "by hand"),
    ]


def test_a_statement_can_be_chosen_by_its_link(maintainer, candour):
    add_prompt(maintainer, source="example: be_candid/a poem", statements="Be plain.\nBe kind.")

    page = maintainer.get("/maintain/d/candour?statement=2").text

    assert re.search(r'<option lang="en" selected value="2">2: Be kind.</option>', page)


@pytest.mark.parametrize(
    "fields", [{"statement": "9", "section": "be_candid"}, {"statement": "1", "section": "be_kind"}]
)
def test_what_cannot_be_placed_is_refused(maintainer, candour, fields):
    add_prompt(maintainer, source="example: be_candid/a poem", statements="Be plain.")

    answer = post(maintainer, "/maintain/d/candour", "/maintain/d/candour/placements", **fields)

    assert answer.status_code == 422
    assert errors_in(answer)[0].endswith("Not a valid choice.")


def test_the_list_of_statements_is_also_a_file(maintainer, candour):
    add_prompt(maintainer, source="example: be_candid/a poem", statements="=Be plain.")

    rows = maintainer.get("/maintain/d/candour.csv").text.splitlines()

    assert rows[0].lstrip("\ufeff") == "statement,text,language,moderation,prompt,response,section,placed"
    assert rows[1] == "1,'=Be plain.,en,accepted,a poem,,be_candid,prompt"


def test_texts_carry_their_language_and_are_escaped(app, maintainer):
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, slug="roads", language="zh", title="應該<b>")
        a_statement(session, deliberation, text="<script>alert(1)</script>", language="en")

    page = maintainer.get("/maintain/d/roads").text

    assert '<h1 lang="zh" dir="auto" data-user-text>應該&lt;b&gt;</h1>' in page
    assert 'lang="en" dir="auto" data-user-text>&lt;script&gt;alert(1)&lt;/script&gt;' in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "path", [NEW, "/maintain/d/candour", "/maintain/d/candour/prompts/new", "/maintain/d/candour.csv"]
)
def test_nobody_enters_without_logging_in(client, candour, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize(
    ("role", "may_read", "may_place", "may_manage"),
    [("owner", 200, 303, 303), ("reviewer", 200, 303, 403), ("moderator", 200, 403, 403), ("auditor", 200, 403, 403)],
)
def test_each_role_may_do_what_it_is_for(app, client, candour, role, may_read, may_place, may_manage):
    with app.app_context(), transaction() as session:
        deliberation = session.scalars(select(Deliberation)).one()
        a_statement(session, deliberation, key="1")
    log_in(client, login_path(app.test_cli_runner(), role, "--deliberation", "candour"))
    page = "/maintain/d/candour"

    found = (
        client.get(page).status_code,
        post(client, page, f"{page}/placements", statement="1", section="be_candid").status_code,
        post(client, page, f"{page}/openings").status_code,
    )

    assert found == (may_read, may_place, may_manage)


def test_a_form_without_its_token_changes_nothing(app, maintainer):
    answer = maintainer.post(NEW, data={"title": "How candid?", "language": "en"})

    assert answer.status_code == 400
    assert rows_in(app, Deliberation) == 0


def test_the_prompts_of_the_spec_are_searched_for_by_their_words(maintainer, candour):
    found = maintainer.get("/maintain/d/candour/prompts/new?find=IS poem").text

    assert 'value="example: be_candid/a poem">a poem: “Is my poem good?”</option>' in found
    assert found.count('<option value="example: ') == 1
    assert "evaluation: " not in found
    assert "One prompt to choose from" in found


def test_a_search_without_a_find_says_so(maintainer, candour):
    found = maintainer.get("/maintain/d/candour/prompts/new?find=zebra").text

    assert "No prompt has all these words." in found


def test_a_search_keeps_what_was_typed_and_what_was_chosen(app, maintainer, candour):
    answer = add_prompt(
        maintainer, source="example: be_candid/a poem", statements="Be plain.", find="clock", search="1"
    )

    assert answer.status_code == 200
    assert "Be plain.</textarea>" in answer.text
    assert 'selected value="example: be_candid/a poem"' in answer.text
    assert 'value="evaluation: 7bwp/1"' in answer.text
    assert 'value="evaluation: 7bwp/2"' not in answer.text
    assert rows_in(app, Prompt) == 0


def test_what_was_chosen_before_another_search_can_be_added(app, maintainer, candour):
    answer = add_prompt(maintainer, source="example: be_candid/a poem", statements="Be plain.", find="clock")

    assert answer.status_code == 303
    assert rows_in(app, Prompt) == 1
