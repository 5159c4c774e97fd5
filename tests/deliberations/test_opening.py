"""A deliberation comes to be, is opened and closed, and each change is a new version."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from deliberation.db.session import db, transaction
from deliberation.deliberations.definition import Definition
from deliberation.deliberations.models import Deliberation, Moderation, Prompt, Response, Statement
from deliberation.deliberations.opening import close, create, open_, place
from deliberation.deliberations.yaml_files import parse_definition, read_definition
from deliberation.errors import Conflict, DeliberationError, ImportRefused, NotFound
from deliberation.spec.importing import import_release
from tests.builders import a_deliberation, a_statement
from tests.spec_releases import a_release


def defined(text: str) -> Definition:
    return parse_definition(text.encode(), "file.yaml")


@pytest.fixture
def release(session, tmp_path):
    return a_release(session, tmp_path / "spec")


def test_a_deliberation_is_stored_as_it_was_written(session, release):
    text = """
title: Candour?
description: Why.
spec: sample
sections: [do_no_harm, be_candid]
prompts:
  - title: A novel
    section: be_candid
    messages: [{role: user, content: Is it good?}]
    responses: [{id: A, text: Not yet.}, {id: B, text: Sure.}]
    statements:
      - {id: 7, text: Be plain., response: B, section: do_no_harm, language: fr}
      - {text: Be kind.}
"""

    deliberation = create(session, defined(text))

    assert (deliberation.slug, deliberation.title, deliberation.description) == ("candour", "Candour?", "Why.")
    assert deliberation.release is release
    session.expire(deliberation)
    assert [section.key for section in deliberation.sections] == ["be_candid", "do_no_harm"]
    assert not deliberation.is_open
    prompt = session.scalars(select(Prompt)).one()
    assert prompt.messages == [{"role": "user", "content": "Is it good?", "attributes": {}}]
    assert (prompt.title, prompt.source, prompt.section and prompt.section.key) == ("A novel", None, "be_candid")
    assert [(each.key, each.text) for each in prompt.responses] == [("A", "Not yet."), ("B", "Sure.")]
    seven, eight = session.scalars(select(Statement).order_by(Statement.position))
    assert (seven.key, seven.text, seven.response.key, seven.section.key) == ("7", "Be plain.", "B", "do_no_harm")
    assert (eight.key, eight.response, eight.section, eight.prompt) == ("8", None, None, prompt)
    assert (seven.language, eight.language) == ("fr", None)


def test_an_example_of_the_spec_gives_messages_title_and_section(session, release):
    create(session, defined("title: Candour?\nspec: sample\nprompts: [{example: a poem}]"))

    prompt = session.scalars(select(Prompt)).one()
    assert [(each["role"], each["content"]) for each in prompt.messages] == [
        ("developer", "You help poets."),
        ("user", "Is my poem good?"),
    ]
    assert (prompt.title, prompt.source) == ("a poem", "example: be_candid/a poem")
    assert prompt.section is not None
    assert prompt.section.key == "be_candid"


def test_an_evaluation_prompt_gives_the_section_of_its_footnote(session, release):
    create(session, defined("title: Candour?\nspec: sample\nprompts: [{evaluation: 7bwp/2, title: Soup}]"))

    prompt = session.scalars(select(Prompt)).one()
    assert [each["content"] for each in prompt.messages] == ["What did we eat?"]
    assert (prompt.title, prompt.source) == ("Soup", "evaluation: 7bwp/2")
    assert prompt.section is not None
    assert prompt.section.key == "be_candid"


def test_a_title_that_several_examples_share_needs_their_section(session, release):
    with pytest.raises(ImportRefused, match="2 examples are called 'a question'"):
        create(session, defined("title: Candour?\nspec: sample\nprompts: [{example: a question}]"))

    create(session, defined("title: Harm?\nspec: sample\nprompts: [{example: do_no_harm/a question}]"))

    assert session.scalars(select(Prompt)).one().messages[0]["content"] == "Second?"


def test_a_prompt_without_title_is_called_by_what_was_asked_last(session):
    text = f"title: Candour?\nprompts: [{{messages: [{{role: user, content: '{'word ' * 30}'}}]}}]"

    create(session, defined(text))

    assert session.scalars(select(Prompt.title)).one() == "word " * 15 + "word…"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spec: other", "file.yaml:2: spec: there is no release 'other'"),
        ("sections: [be_candid]", "file.yaml:2: sections[0]: there is no section 'be_candid' without a release"),
        (
            "spec: sample\nsections:\n- be_kind",
            "file.yaml:4: sections[0]: the release 'sample' has no section 'be_kind'",
        ),
        ("prompts:\n- example: a poem", "file.yaml:3: prompts[0].example: there are no prompts without a release"),
        ("spec: sample\nprompts:\n- example: a song", "file.yaml:4: prompts[0].example: the release 'sample' has no"),
        ("spec: sample\nprompts:\n- evaluation: 7bwp/3", "file.yaml:4: prompts[0].evaluation: the release 'sample'"),
        (
            "spec: sample\nprompts:\n- example: a poem\n  statements:\n  - text: Be plain.\n    section: be_kind",
            "file.yaml:7: prompts[0].statements[0].section: the release 'sample' has no section 'be_kind'",
        ),
    ],
)
def test_what_is_not_in_the_release_is_named_with_line_and_key(session, release, text, said):
    with pytest.raises(ImportRefused) as refused:
        create(session, defined(f"title: Candour?\n{text}"))

    assert str(refused.value).startswith(said)


def test_a_refused_deliberation_leaves_nothing_behind(any_app):
    text = "title: Candour?\nprompts: [{messages: [{role: user, content: Hm?}]}, {example: a poem}]"

    with any_app.app_context():
        with pytest.raises(ImportRefused), transaction() as session:
            create(session, defined(text))

        assert db.session.scalar(select(func.count()).select_from(Deliberation)) == 0


def test_a_name_that_is_taken_is_refused(any_app):
    with any_app.app_context():
        with transaction() as session:
            create(session, defined("title: One?\nslug: candour"))

        with pytest.raises(Conflict, match="there is a deliberation 'candour' already"), transaction() as session:
            create(session, defined("title: Two?\nslug: candour"))

        assert db.session.scalars(select(Deliberation.title)).all() == ["One?"]


def test_a_title_without_a_letter_of_ascii_needs_a_slug(session):
    with pytest.raises(DeliberationError, match="no name in addresses can be made from '应该坦率吗'"):
        create(session, defined("title: 应该坦率吗"))


def test_opening_and_closing_are_new_versions(session):
    deliberation = a_deliberation(session, opened_at=None)
    a_statement(session, deliberation)

    states = []
    for change in (open_, close, open_):
        change(session, deliberation.slug)
        session.flush()
        states.append((deliberation.is_open, deliberation.version))

    assert states == [(True, 2), (False, 3), (True, 4)]


def test_doing_it_twice_changes_nothing(session):
    deliberation = a_deliberation(session)
    a_statement(session, deliberation)
    close(session, deliberation.slug)
    session.flush()
    closed = (deliberation.closed_at, deliberation.version)

    close(session, deliberation.slug)
    session.flush()

    assert (deliberation.closed_at, deliberation.version) == closed


def test_opening_again_keeps_the_first_opening(session):
    deliberation = a_deliberation(session)
    a_statement(session, deliberation)
    first = deliberation.opened_at

    close(session, deliberation.slug)
    open_(session, deliberation.slug)

    assert (deliberation.opened_at, deliberation.closed_at) == (first, None)


def test_without_a_statement_to_vote_on_it_cannot_be_opened(session):
    deliberation = a_deliberation(session, opened_at=None)
    a_statement(session, deliberation, moderation=Moderation.DECLINED)

    with pytest.raises(Conflict, match="has no statements to vote on"):
        open_(session, deliberation.slug)


def test_what_was_never_opened_cannot_be_closed(session):
    deliberation = a_deliberation(session, opened_at=None)

    with pytest.raises(Conflict, match="was never opened"):
        close(session, deliberation.slug)


def test_a_statement_is_placed_by_hand_and_the_last_choice_stands(session, release):
    deliberation = a_deliberation(session, release_id=release.id)
    statement = a_statement(session, deliberation, key="7")

    place(session, deliberation.slug, "7", "be_candid")
    place(session, deliberation.slug, "7", "do_no_harm")
    session.flush()

    assert statement.section is not None
    assert statement.section.key == "do_no_harm"
    assert deliberation.version == 3


@pytest.mark.parametrize(
    ("slug", "statement", "section", "said"),
    [
        ("nowhere", "7", "be_candid", "there is no deliberation 'nowhere'"),
        ("roads", "8", "be_candid", "the deliberation 'roads' has no statement '8'"),
        ("roads", "7", "be_kind", "the release 'sample' has no section 'be_kind'"),
    ],
)
def test_what_cannot_be_placed_is_named(session, release, slug, statement, section, said):
    a_statement(session, a_deliberation(session, slug="roads", release_id=release.id), key="7")

    with pytest.raises(NotFound, match=said):
        place(session, slug, statement, section)


def test_without_a_release_there_is_nowhere_to_place(session):
    a_statement(session, a_deliberation(session, slug="roads"), key="7")

    with pytest.raises(Conflict, match="is about no release"):
        place(session, "roads", "7", "be_candid")


def test_the_demo_s_own_deliberation_can_be_created(any_app):
    data = Path("deliberation/demo/data")
    with any_app.app_context():
        with transaction() as session:
            import_release(session, data / "model_spec.md", "sample")
            create(session, read_definition(data / "deliberation.yaml"))

        assert [db.session.scalar(select(func.count()).select_from(each)) for each in (Prompt, Statement)] == [10, 60]
        assert db.session.scalar(select(func.count()).select_from(Response)) > 0
