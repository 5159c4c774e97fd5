"""A maintainer creates a deliberation in the browser: question, prompt, statements, opened; accessible all along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from deliberation.db.session import transaction
from tests.browser.axe import findings
from tests.browser.conftest import Visitor, Visitors
from tests.logging_in import login_path
from tests.spec_releases import a_release


@pytest.fixture
def maintainer(app: Flask, visitors: Visitors, tmp_path: Path) -> Callable[..., Visitor]:
    """Opens a window in which an admin is logged in; the small spec is imported."""
    with app.app_context(), transaction() as session:
        a_release(session, tmp_path / "spec")

    def enter(**options: object) -> Visitor:
        visitor = visitors(**options)  # type: ignore[arg-type]
        visitor.open(login_path(app.test_cli_runner()))
        visitor.page.get_by_role("main").get_by_role("button", name="Log in").click()
        return visitor

    return enter


def created(visitor: Visitor) -> Page:
    """A new deliberation's page."""
    page = visitor.open("/maintain/deliberations/new")
    page.get_by_label("Question").fill("How candid should it be?")
    page.get_by_label("Be candid").check()
    page.get_by_role("button", name="Create").click()
    return page


def with_a_prompt(visitor: Visitor) -> Page:
    """A deliberation's page with a prompt of the spec, two statements and a response."""
    page = created(visitor)
    page.get_by_role("link", name="Add a prompt").click()
    page.get_by_label("A prompt of the spec").select_option(label="a poem: “Is my poem good?”")
    page.get_by_label("Statements to vote on").fill("Be plain.\nBe kind.")
    page.get_by_text("Candidate responses").click()
    page.get_by_label("Candidate response 1").fill("Not yet.")
    page.get_by_label("Statement that calls response 1 a good default").fill("It should answer as in A.")
    page.get_by_role("button", name="Add the prompt").click()
    return page


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_deliberation_is_created_filled_and_opened(maintainer, visitors, java_script):
    visitor = maintainer(width=1280, height=900, java_script_enabled=java_script)

    page = with_a_prompt(visitor)
    page.get_by_role("button", name="Open").click()

    expect(page.get_by_text("Opened. People can vote now.")).to_be_visible()
    public = visitors().open("/d/how-candid-should-it-be/vote")
    expect(public.get_by_role("button", name="Agree", exact=True)).to_be_visible()


def test_a_statement_is_placed_by_its_link(maintainer):
    page = with_a_prompt(maintainer())

    page.get_by_role("link", name="Place statement 2").click()
    page.get_by_label("Section", exact=True).select_option(label="Do no harm")
    page.get_by_role("button", name="Place it").click()

    expect(page.get_by_role("row", name="Be kind.")).to_contain_text("Do no harm")


def _empty(visitor: Visitor) -> Page:
    return visitor.open("/maintain/deliberations/new")


def _refused(visitor: Visitor) -> Page:
    page = visitor.open("/maintain/deliberations/new")
    page.get_by_role("button", name="Create").click()
    return page


def _new_prompt(visitor: Visitor) -> Page:
    page = created(visitor)
    page.get_by_role("link", name="Add a prompt").click()
    page.get_by_text("Type in the conversation").click()
    page.get_by_text("Candidate responses").click()
    return page


@pytest.mark.parametrize(
    "shown",
    [{"width": 390, "color_scheme": "dark"}, {"width": 1280, "color_scheme": "light"}],
    ids=["phone", "desktop"],
)
@pytest.mark.parametrize("state", [_empty, _refused, created, _new_prompt, with_a_prompt])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(maintainer, state, shown):
    visitor = maintainer(height=900, **shown)

    page = state(visitor)

    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    visitor.picture(f"deliberation{state.__name__}-{shown['width']}", full_page=True)
