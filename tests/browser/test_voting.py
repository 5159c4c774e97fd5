"""Voting in a real browser: by click, by key, and never twice by accident."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from tests.browser.conftest import Visitor, Visitors
from tests.browser.deliberations import FOUR_LINES, STATEMENTS, about_candour


@pytest.fixture
def page(app: Flask, visitor: Visitor) -> Page:
    """The voting page on a phone."""
    return visitor.open(f"/d/{about_candour(app)}/vote")


def test_a_click_votes_and_brings_the_next_statement_without_loading_a_page(
    app: Flask, visitor: Visitor, page: Page
) -> None:
    first = page.locator("#statement").inner_text()

    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    assert page.locator("#statement").inner_text() != first
    assert (len(visitor.posts), visitor.loads) == (1, 1)
    assert _choices(app) == [1]


@pytest.mark.parametrize(("key", "choice"), [("a", 1), ("d", -1), ("p", 0), ("A", 1)])
def test_a_single_key_votes(app: Flask, page: Page, key: str, choice: int) -> None:
    page.locator("#statement").focus()

    page.keyboard.press(key)

    expect(page.locator(".progress [data-announce]")).to_be_visible()
    assert _choices(app) == [choice]


def test_the_first_tab_is_the_skip_link_and_it_leads_to_the_card(app: Flask, page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("a")

    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    assert _choices(app) == [1]


def test_tab_and_enter_vote(app: Flask, page: Page) -> None:
    page.locator("#statement").focus()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Disagree")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Disagreed, saved", exact=True)).to_be_visible()
    assert _choices(app) == [-1]


def test_no_key_votes_while_one_writes_a_reason(app: Flask, page: Page) -> None:
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").press_sequentially("a paddle")

    page.get_by_role("button", name="Pass").click()

    expect(page.get_by_text("Passed, saved", exact=True)).to_be_visible()
    assert _choices(app) == [0]
    with app.app_context():
        assert db.session.execute(sa.text("SELECT text FROM reason")).scalars().all() == ["a paddle"]


def test_after_a_vote_the_new_statement_has_the_focus_and_the_vote_is_announced(page: Page) -> None:
    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.locator("#announce")).to_have_text(f"Agreed, saved. Statement 2 of about {len(STATEMENTS)}")
    expect(page.locator("#statement")).to_be_focused()


def test_a_double_click_is_one_vote(app: Flask, page: Page) -> None:
    page.get_by_role("button", name="Agree", exact=True).dblclick()

    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert _choices(app) == [1]


@pytest.mark.parametrize("gap", [0, 60, 150, 250, 399])
def test_a_second_tap_soon_after_the_swap_does_not_vote_on_the_next_card(app: Flask, page: Page, gap: int) -> None:
    # Both taps come from one script that waits by turning in circles, so that the gap holds on a slow machine too.
    page.evaluate(
        """gap => new Promise(done => {
            document.addEventListener("htmx:after:swap", () => {
                const swapped = performance.now();
                while (performance.now() - swapped < gap);
                document.querySelector(".vote.agree").click();
                setTimeout(done, 400);
            }, { once: true });
            document.querySelector(".vote.agree").click();
        })""",
        gap,
    )

    assert _choices(app) == [1]


def test_two_taps_at_once_are_one_vote(app: Flask, page: Page) -> None:
    page.evaluate("() => { for (const _ of [1, 2]) document.querySelector('.vote.agree').click(); }")

    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert _choices(app) == [1]


def test_a_later_tap_votes_on_the_next_card(app: Flask, page: Page) -> None:
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    page.wait_for_timeout(450)  # the dead time, which is what is tested

    page.get_by_role("button", name="Pass").click()

    expect(page.get_by_text("Passed, saved", exact=True)).to_be_visible()
    assert _choices(app) == [1, 0]


def test_a_reload_shows_the_same_card_and_votes_no_second_time(app: Flask, page: Page) -> None:
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    shown = page.locator("#statement").inner_text()

    page.reload()

    assert page.locator("#statement").inner_text() == shown
    assert _choices(app) == [1]


def test_the_pile_ends_with_results_and_my_votes(app: Flask, page: Page) -> None:
    for number in range(len(STATEMENTS)):
        expect(page.locator(".progress b")).to_have_text(str(number + 1))
        page.wait_for_timeout(450)  # the dead time after a swap
        page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_role("heading", name=f"You have voted on all {len(STATEMENTS)} statements")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="See the results")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="My votes")).to_be_visible()


def test_a_reason_too_long_is_refused_with_its_text_kept(app: Flask, page: Page) -> None:
    page.get_by_text("Add a reason").click()
    page.locator("#reason").evaluate("field => field.removeAttribute('maxlength')")
    page.get_by_label("Your reason").fill("x" * 281)

    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_text("the reason has more than 280 characters")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("x" * 281)
    assert _choices(app) == []


def test_a_deliberation_that_has_closed_meanwhile_says_so_in_place(app: Flask, visitor: Visitor, page: Page) -> None:
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Deliberation).values(closed_at=now(), version=2))

    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_role("heading", name="Voting has ended")).to_be_visible()
    expect(page.get_by_text("Your vote was not saved.")).to_be_visible()
    assert _choices(app) == []
    assert visitor.loads == 1


def test_a_vote_that_does_not_reach_the_server_keeps_the_card_and_the_text(
    app: Flask, visitor: Visitor, page: Page
) -> None:
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").fill("on a train")
    page.context.set_offline(True)

    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("The server did not answer")
    expect(page.get_by_role("button", name="Try again")).to_be_in_viewport(ratio=1)
    expect(page.locator("#reason")).to_have_value("on a train")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    assert _choices(app) == [1]
    visitor.wrongs.clear()  # the failed request was meant, and is reported on the console too


@pytest.mark.parametrize("number", [1, 2])
def test_a_short_situation_a_statement_of_four_lines_and_all_buttons_fit_a_small_phone(
    app: Flask, visitors: Visitors, number: int
) -> None:
    visitor = visitors(width=360, height=640)
    page = visitor.open(f"/d/{about_candour(app, statements=number)}/vote")
    if number == 2 and page.locator("#statement").inner_text() != FOUR_LINES:
        page.get_by_role("button", name="Pass").click()
        expect(page.get_by_text("Passed, saved", exact=True)).to_be_visible()

    lines = page.locator("#statement").evaluate(
        "node => Math.round(node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight))"
    )
    bottom = page.locator("#statement").evaluate("node => node.getBoundingClientRect().bottom")
    dock = page.locator(".vote-buttons").evaluate("node => node.getBoundingClientRect().top")

    assert lines == 4
    assert bottom <= dock
    for name in ("Agree", "Disagree", "Pass", "Unclear or not relevant"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_the_buttons_stay_where_they_are_from_card_to_card(app: Flask, visitors: Visitors) -> None:
    for width, height in ((360, 640), (1280, 800)):
        page = visitors(width=width, height=height).open(f"/d/{about_candour(app, slug=f'candour-{width}')}/vote")
        places = set()
        for _ in STATEMENTS[1:]:
            places.add(str(page.get_by_role("button", name="Agree", exact=True).bounding_box()))
            count = page.locator(".progress b").inner_text()
            page.wait_for_timeout(450)  # the dead time after a swap
            page.get_by_role("button", name="Agree", exact=True).click()
            expect(page.locator(".progress b")).not_to_have_text(count)

        assert len(places) == 1


def test_a_vote_is_changed_in_my_votes_without_loading_a_page(app: Flask, visitor: Visitor, page: Page) -> None:
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    visitor.open("/d/candour/mine")
    loads = visitor.loads

    page.get_by_role("button", name="Disagree").click()

    expect(page.get_by_text("You disagreed")).to_be_visible()
    expect(page.get_by_role("button", name="Disagree")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Disagree")).to_be_focused()
    expect(page.locator("#announce")).to_have_text("Changed, saved")
    assert visitor.loads == loads
    assert _choices(app) == [1, -1]


def _choices(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(sa.text("SELECT choice FROM vote_event ORDER BY id")))
