"""Amendments in a browser: the public page and the workbench's list, for everybody and at every width."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from deliberation.amendments.models import Amendment
from deliberation.db.session import db
from tests.amendments.scenes import one_of_each
from tests.browser.axe import findings
from tests.browser.conftest import Visitor, Visitors
from tests.logging_in import login_path

LIST = "/maintain/d/conduct/amendments"


@pytest.fixture
def pages(app: Flask) -> list[str]:
    """Every amendment's address."""
    with app.app_context():
        one_of_each()
        return [f"/amendments/{each.id}" for each in db.session.query(Amendment)]


@pytest.fixture
def maintainer(app: Flask, visitors: Visitors) -> Callable[..., Visitor]:
    """Opens a window in which an admin is logged in."""

    def enter(**options: object) -> Visitor:
        visitor = visitors(**options)  # type: ignore[arg-type]
        visitor.open(login_path(app.test_cli_runner()))
        visitor.page.get_by_role("main").get_by_role("button", name="Log in").click()
        visitor.page.wait_for_url("**/maintain")
        return visitor

    return enter


def _overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_checks_for_accessibility_find_nothing(maintainer, pages, width, scheme):
    visitor = maintainer(width=width, color_scheme=scheme, bypass_csp=True)

    found = {}
    for address in [*pages, LIST]:
        page = visitor.open(address)
        visitor.picture(f"{address.strip('/').replace('/', '-')}-{width}-{scheme}", full_page=True)
        found[address] = findings(page)

    assert {address: wrongs for address, wrongs in found.items() if wrongs} == {}


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(maintainer, pages, width):
    visitor = maintainer(width=width)

    assert {address: _overflow(visitor.open(address)) for address in [*pages, LIST]} == dict.fromkeys([*pages, LIST], 0)


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_maintainer_suggests_reads_a_draft_and_takes_the_series(maintainer, pages, java_script):
    visitor = maintainer(width=1280, java_script_enabled=java_script)

    page = visitor.open(LIST)
    page.get_by_role("button", name="Suggest again").click()
    expect(page.get_by_text("3 amendments stand.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="amendments.mbox").click()
    page.get_by_role("link", name="A poem & a plea").click()

    assert download.value.path().read_bytes().count(b"\nSubject: [draft] ") == 3
    expect(page.get_by_role("heading", level=1)).to_have_text("A poem & a plea")
    expect(page.get_by_text("Good answer A:")).to_be_visible()
