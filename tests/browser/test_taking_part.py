"""What one does around a vote in a real browser: take it back, mark it, stop, come back, and change the device."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from tests.browser.conftest import Visitor, Visitors
from tests.browser.deliberations import STATEMENTS, about_candour

DEAD_TIME = 450  # ms after a swap, in which nothing is taken for meant


@pytest.fixture
def page(app: Flask, visitor: Visitor) -> Page:
    """The voting page on a phone."""
    return visitor.open(f"/d/{about_candour(app)}/vote")


def test_undo_brings_the_card_back_with_its_text_and_its_mark(app: Flask, visitor: Visitor, page: Page) -> None:
    statement = page.locator("#statement").inner_text()
    _write(page, "It spares a worse surprise.")
    _vote(page, "Agree", "Agreed, saved")

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    expect(page.locator("#statement")).to_have_text(statement)
    expect(page.locator("#statement")).to_be_focused()
    expect(page.locator("#reason")).to_have_value("It spares a worse surprise.")
    expect(page.get_by_label("This matters to me")).to_be_checked()
    expect(page.locator("#announce")).to_have_text(f"Taken back. Statement 1 of about {len(STATEMENTS)}")
    assert visitor.loads == 1
    assert _choices(app) == [1, None]


def test_after_undo_a_reload_keeps_the_card_and_the_text(page: Page) -> None:
    _write(page, "It spares a worse surprise.")
    _vote(page, "Agree", "Agreed, saved")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    statement = page.locator("#statement").inner_text()

    page.reload()

    expect(page.locator("#statement")).to_have_text(statement)
    expect(page.locator("#reason")).to_have_value("It spares a worse surprise.")


def test_a_double_tap_on_undo_takes_back_one_vote(app: Flask, page: Page) -> None:
    _vote(page, "Agree", "Agreed, saved")
    _vote(page, "Pass", "Passed, saved")

    page.get_by_role("button", name="Undo").dblclick()

    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert _choices(app) == [1, 0, None]


def test_the_key_u_takes_the_vote_back_and_a_key_in_the_text_does_not(app: Flask, page: Page) -> None:
    _vote(page, "Agree", "Agreed, saved")

    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").press_sequentially("update? up and down")
    assert _choices(app) == [1]
    page.locator("#statement").focus()
    page.keyboard.press("u")

    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    assert _choices(app) == [1, None]


def test_keys_are_listed_on_a_question_mark_and_work_everywhere_once_that_is_chosen(
    app: Flask, visitors: Visitors
) -> None:
    page = visitors(width=1280, height=900).open(f"/d/{about_candour(app)}/vote")
    page.locator("#statement").focus()
    page.keyboard.press("?")
    expect(page.get_by_text("This list")).to_be_visible()
    expect(page.locator("#keys summary")).to_be_focused()

    page.keyboard.press("a")  # the focus is outside the card
    page.wait_for_timeout(200)
    before = _choices(app)
    page.get_by_label("Use them anywhere on this page").check()
    page.reload()
    page.get_by_role("link", name="Method").first.focus()
    page.keyboard.press("a")

    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    assert (before, _choices(app)) == ([], [1])


def test_keys_with_a_modifier_are_left_to_the_browser(app: Flask, page: Page) -> None:
    page.locator("#statement").focus()

    for combination in ("Control+a", "Meta+d", "Alt+p"):
        page.keyboard.press(combination)
    page.wait_for_timeout(200)

    assert _choices(app) == []


def test_unclear_is_apart_from_pass(app: Flask, page: Page) -> None:
    _vote(page, "Unclear or not relevant", "Unclear, saved")

    assert _choices(app) == [2]
    style = page.get_by_role("button", name="Unclear or not relevant").evaluate(
        "button => getComputedStyle(button).borderTopStyle"
    )
    assert style == "dashed"


def test_what_matters_is_marked(app: Flask, page: Page) -> None:
    page.get_by_label("This matters to me").check()

    _vote(page, "Disagree", "Disagreed, saved")

    with app.app_context():
        assert db.session.scalars(sa.text("SELECT important FROM vote")).all() == [True]
    expect(page.get_by_label("This matters to me")).not_to_be_checked()


def test_at_the_point_to_stop_one_goes_on_without_loading_a_page(app: Flask, visitor: Visitor) -> None:
    page = visitor.open(f"/d/{_stopping_after(app, 2)}/vote")
    _vote(page, "Agree", "Agreed, saved")
    page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("heading", name="You have voted on 2 statements")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("a good point to stop")
    page.wait_for_timeout(DEAD_TIME)

    page.get_by_role("link", name="Go on").click()

    expect(page.get_by_text("3 of about 4")).to_be_visible()
    expect(page.locator("#statement")).to_be_focused()
    expect(page.get_by_role("button", name="Agree", exact=True)).to_be_in_viewport(ratio=1)
    assert visitor.loads == 1


def test_at_the_point_to_stop_the_results_are_one_tap_away_and_a_second_tap_does_not_go_there(
    app: Flask, visitor: Visitor
) -> None:
    page = visitor.open(f"/d/{_stopping_after(app, 1)}/vote")
    page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("htmx:after:swap", () => {
                document.querySelector("#card .actions a").click();
                setTimeout(done, 300);
            }, { once: true });
            document.querySelector(".vote.agree").click();
        })"""
    )
    expect(page.get_by_role("heading", name="You have voted on one statement")).to_be_visible()
    page.wait_for_timeout(DEAD_TIME)

    page.locator("main").get_by_role("link", name="See the results").click()

    page.wait_for_url("**/results")


def test_one_comes_back_to_the_card_where_one_left_off(app: Flask, visitor: Visitor, page: Page) -> None:
    _vote(page, "Agree", "Agreed, saved")
    statement = page.locator("#statement").inner_text()

    visitor.open("/")
    page = visitor.open("/d/candour/vote")

    expect(page.locator("#statement")).to_have_text(statement)
    expect(page.get_by_text(f"2 of about {len(STATEMENTS)}")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_statement_opened_by_its_address_gives_way_to_the_drawn_one(app: Flask, visitor: Visitor, page: Page) -> None:
    _vote(page, "Agree", "Agreed, saved")
    drawn = page.locator("#statement").inner_text()
    with app.app_context():
        query = sa.text("SELECT key FROM statement WHERE id NOT IN (SELECT statement_id FROM offer) ORDER BY id")
        key = db.session.scalars(query).first()
    page = visitor.open(f"/d/candour/vote?statement={key}")
    page.get_by_text("Why this statement?").click()
    expect(page.get_by_text("You opened it yourself.")).to_be_visible()

    _vote(page, "Disagree", "Disagreed, saved")

    expect(page.locator("#statement")).to_have_text(drawn)
    assert page.url.endswith("/d/candour/vote")
    with app.app_context():
        assert sorted(db.session.scalars(sa.text("SELECT source FROM vote"))) == ["chosen", "random"]


@pytest.mark.parametrize("javascript", [True, False])
def test_six_words_bring_a_second_device_to_the_same_card(app: Flask, visitors: Visitors, javascript: bool) -> None:
    phone = visitors(java_script_enabled=javascript)
    laptop = visitors(width=1280, height=900, java_script_enabled=javascript)
    page = phone.open(f"/d/{about_candour(app)}/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    statement = page.locator("#statement").inner_text()
    page.get_by_role("link", name="My votes").first.click()
    page.get_by_role("link", name="Go on with another device, or leave this one").click()
    page.get_by_role("button", name="Show me six words").click()
    words = page.locator(".words").inner_text()

    other = laptop.open("/d/candour/device/join")
    other.get_by_label("The six words from the other device").fill(words.upper().replace(" ", "-"))
    other.get_by_role("button", name="Go on").click()
    expect(other.get_by_text("Your vote is here; go on where you left off.")).to_be_visible()
    other.locator("main").get_by_role("link", name="Vote", exact=True).click()

    assert len(words.split()) == 6
    expect(other.locator("#statement")).to_have_text(statement)
    other.get_by_role("button", name="Disagree").click()
    expect(other.get_by_text("Disagreed, saved", exact=True)).to_be_visible()
    phone.open("/d/candour/mine")
    expect(page.locator(".my-vote")).to_have_count(2)


def test_the_link_with_the_words_brings_a_second_device_too(app: Flask, visitors: Visitors) -> None:
    phone, laptop = visitors(), visitors(width=1280, height=900)
    page = phone.open(f"/d/{about_candour(app)}/vote")
    _vote(page, "Agree", "Agreed, saved")
    page = phone.open("/d/candour/device")
    page.get_by_role("button", name="Show me six words").click()
    link = page.locator("a.mono").get_attribute("href")
    assert link

    other = laptop.page
    other.goto(link)
    other.get_by_role("button", name="Go on").click()

    expect(other.get_by_text("This browser is yours too now.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_who_leaves_the_device_is_forgotten_there(app: Flask, visitors: Visitors, javascript: bool) -> None:
    visitor = visitors(java_script_enabled=javascript)
    page = visitor.open(f"/d/{about_candour(app)}/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    copied = next(cookie for cookie in page.context.cookies() if cookie.get("name") == "device")
    page = visitor.open("/d/candour/device")

    page.get_by_role("button", name="Leave this device").click()

    expect(page.get_by_text("This browser has forgotten you.")).to_be_visible()
    assert all(cookie.get("value") != copied.get("value") for cookie in page.context.cookies())
    visitor.open("/d/candour/mine")
    expect(page.get_by_text("You have not voted yet")).to_be_visible()
    page.context.add_cookies([{"name": "device", "value": str(copied.get("value")), "url": visitor.site}])
    visitor.open("/d/candour/mine")
    expect(page.get_by_text("You have not voted yet")).to_be_visible()


def test_a_vote_is_withdrawn_from_the_list_without_loading_a_page(app: Flask, visitor: Visitor, page: Page) -> None:
    _vote(page, "Agree", "Agreed, saved")
    page = visitor.open("/d/candour/mine")
    loads = visitor.loads

    page.get_by_role("button", name="Withdraw").click()

    expect(page.get_by_text("Withdrawn. It counts nowhere")).to_be_visible()
    expect(page.locator(".my-vote [data-focus]")).to_be_focused()
    assert visitor.loads == loads
    assert _choices(app) == [1, None]


@pytest.mark.parametrize("javascript", [True, False])
def test_everything_is_deleted_after_one_more_question(app: Flask, visitors: Visitors, javascript: bool) -> None:
    visitor = visitors(java_script_enabled=javascript)
    page = visitor.open(f"/d/{about_candour(app)}/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    page = visitor.open("/d/candour/mine")

    page.get_by_role("link", name="Delete everything I gave").click()
    page.get_by_role("button", name="Delete everything").click()

    expect(page.get_by_text("Everything you gave here was deleted.")).to_be_visible()
    assert _choices(app) == [None]


def test_without_javascript_one_undoes_marks_stops_and_goes_on(app: Flask, visitors: Visitors) -> None:
    page = visitors(java_script_enabled=False).open(f"/d/{_stopping_after(app, 2)}/vote")
    statement = page.locator("#statement").inner_text()
    _write(page, "It spares a worse surprise.")
    page.get_by_role("button", name="Unclear or not relevant").click()
    expect(page.get_by_text("Unclear, saved", exact=True)).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#statement")).to_have_text(statement)
    expect(page.locator("#reason")).to_have_value("It spares a worse surprise.")
    expect(page.get_by_label("This matters to me")).to_be_checked()
    page.get_by_role("button", name="Agree", exact=True).click()
    page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("heading", name="You have voted on 2 statements")).to_be_visible()
    page.get_by_role("link", name="Go on").click()

    expect(page.get_by_text("3 of about 4")).to_be_visible()
    assert _choices(app) == [2, None, 1, 0]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (1280, 900)])
def test_nothing_shifts_while_one_votes_and_undoes(app: Flask, visitors: Visitors, width: int, height: int) -> None:
    page = visitors(width=width, height=height).open(f"/d/{about_candour(app)}/vote")
    page.evaluate(
        """() => {
            window.shifted = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => {
                if (!entry.hadRecentInput) window.shifted += entry.value;
            })).observe({ type: "layout-shift", buffered: true });
        }"""
    )

    for name, said in (("Agree", "Agreed, saved"), ("Disagree", "Disagreed, saved"), ("Pass", "Passed, saved")):
        _vote(page, name, said)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    page.wait_for_timeout(DEAD_TIME)

    assert page.evaluate("window.shifted") <= 0.02


def _vote(page: Page, name: str, said: str) -> None:
    """Press a button, and wait until the next card takes one."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(said, exact=True)).to_be_visible()
    page.wait_for_timeout(DEAD_TIME)


def _write(page: Page, reason: str) -> None:
    """Mark the card and write a reason."""
    page.get_by_label("This matters to me").check()
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").fill(reason)


def _stopping_after(app: Flask, votes: int) -> str:
    slug = about_candour(app)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Deliberation).values(stop_after=votes))
    return slug


def _choices(app: Flask) -> list[int | None]:
    with app.app_context():
        return list(db.session.scalars(sa.text("SELECT choice FROM vote_event ORDER BY id")))
