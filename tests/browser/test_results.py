"""The results page in a browser: readable for everybody, at every width, and the same in picture and table."""

from itertools import pairwise

import pytest
from flask import Flask
from playwright.sync_api import Page

from deliberation.db.session import transaction
from deliberation.results.running import run
from tests.browser.axe import findings
from tests.browser.conftest import Visitor, Visitors
from tests.results.deliberated import deliberate

UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.fixture
def analysed(app: Flask) -> str:
    """The slug of a deliberation with a result."""
    with app.app_context():
        with transaction() as session:
            slug = deliberate(session).slug
        run(slug)
    return slug


def _overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_checks_for_accessibility_find_nothing(visitors: Visitors, analysed: str, width: int, scheme: str) -> None:
    visitor = visitors(width=width, color_scheme=scheme, bypass_csp=True)
    page = visitor.open(f"/d/{analysed}/results")
    page.evaluate(UNFOLD)

    found = findings(page)

    visitor.picture(f"results-{width}-{scheme}", full_page=True)
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(visitors: Visitors, analysed: str, width: int) -> None:
    page = visitors(width=width).open(f"/d/{analysed}/results")
    page.evaluate(UNFOLD)

    assert _overflow(page) == 0


def test_every_mark_is_drawn_within_the_map(visitor: Visitor, analysed: str) -> None:
    page = visitor.open(f"/d/{analysed}/results")

    outside = page.evaluate("""() => {
        const map = document.querySelector('svg.map').getBoundingClientRect()
        const marks = [...document.querySelectorAll('svg.map > use')].map(mark => mark.getBoundingClientRect())
        return marks.filter(mark => !mark.width || mark.left < map.left || mark.right > map.right
            || mark.top < map.top || mark.bottom > map.bottom).length
    }""")

    assert page.locator("svg.map > use").count() == 70
    assert outside == 0


def test_the_table_of_the_map_opens_with_as_many_people(visitor: Visitor, analysed: str) -> None:
    page = visitor.open(f"/d/{analysed}/results")

    page.locator("#map summary").click()

    assert page.get_by_role("region", name="Every mark, in parts of the picture").get_by_role("row").count() == 71


def test_names_on_the_line_of_statements_do_not_cover_each_other(visitors: Visitors, analysed: str) -> None:
    for width in (320, 1280):
        page = visitors(width=width).open(f"/d/{analysed}/results")

        boxes = [text.bounding_box() for text in page.locator(".spectrum svg text").all()]

        lines = sorted(box["y"] for box in boxes if box)
        assert len(lines) == 3
        assert all(below - above >= 18 for above, below in pairwise(lines))  # letters are 13 pixels high


def test_somebody_who_voted_finds_their_vote_and_their_place(app: Flask, visitor: Visitor, analysed: str) -> None:
    visitor.open(f"/d/{analysed}/vote").get_by_role("button", name="Agree", exact=True).click()
    visitor.page.get_by_text("Agreed, saved").first.wait_for()
    with app.app_context():
        run(analysed)

    page = visitor.open(f"/d/{analysed}/results")
    page.evaluate(UNFOLD)

    assert page.get_by_text("You agreed").count() == 1
    assert page.get_by_role("heading", name="Where you stand").is_visible()
    assert page.locator("svg.map .you").is_visible()
