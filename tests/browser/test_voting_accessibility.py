"""The pages around voting hold for everybody: nothing for axe to find and no sideways scrolling, however shown."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from deliberation.db.base import now
from deliberation.db.session import transaction
from deliberation.deliberations.models import Deliberation
from tests.browser.axe import findings
from tests.browser.conftest import Visitor, Visitors
from tests.browser.deliberations import STATEMENTS, about_candour, without_situations


def _card(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{about_candour(app)}/vote")


def _card_with_all_opened(app: Flask, visitor: Visitor) -> Page:
    page = _card(app, visitor)
    page.get_by_role("button", name="Disagree").click()
    expect(page.get_by_text("Disagreed, saved", exact=True)).to_be_visible()
    page.get_by_text("Add a reason").click()
    page.get_by_text("Why this statement?").click()
    return page


def _card_refused(app: Flask, visitor: Visitor) -> Page:
    page = _card(app, visitor)
    page.get_by_text("Add a reason").click()
    page.locator("#reason").evaluate("field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(300); }")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("has more than 280 characters")).to_be_visible()
    return page


def _card_without_situation(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{without_situations(app)}/vote")


def _end(app: Flask, visitor: Visitor) -> Page:
    page = visitor.open(f"/d/{about_candour(app, statements=1)}/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("heading", name="You have voted on the only statement")).to_be_visible()
    return page


def _nothing_to_vote_on(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{about_candour(app, statements=0)}/vote")


def _closed(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{_changed(app, closed_at=now())}/vote")


def _not_open(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{_changed(app, opened_at=None)}/vote")


def _mine(app: Flask, visitor: Visitor) -> Page:
    page = visitor.open(f"/d/{about_candour(app, statements=3)}/vote")
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").fill("It spares a worse surprise later.")
    for number, name in enumerate(("Agree", "Disagree", "Pass"), start=1):
        expect(page.locator(".progress b")).to_have_text(str(number))
        page.wait_for_timeout(450)  # the dead time after a swap
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("heading", name="You have voted on all 3 statements")).to_be_visible()
    return visitor.open("/d/candour/mine")


def _stop(app: Flask, visitor: Visitor) -> Page:
    page = visitor.open(f"/d/{_changed(app, stop_after=1)}/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("heading", name="You have voted on one statement")).to_be_visible()
    return page


def _undone(app: Flask, visitor: Visitor) -> Page:
    page = _card(app, visitor)
    page.get_by_label("This matters to me").check()
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").fill("It spares a worse surprise later.")
    page.get_by_role("button", name="Unclear or not relevant").click()
    expect(page.get_by_text("Unclear, saved", exact=True)).to_be_visible()
    page.wait_for_timeout(450)  # the dead time after a swap
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    return page


def _chosen_again(app: Flask, visitor: Visitor) -> Page:
    _stop(app, visitor)
    visitor.open("/d/candour/mine")
    text = visitor.page.locator(".my-vote .quote").first.inner_text()
    key = STATEMENTS.index(text) + 1
    return visitor.open(f"/d/candour/vote?statement={key}")


def _not_offered(app: Flask, visitor: Visitor) -> Page:
    page = _card(app, visitor)
    field = page.locator("form input[name=statement]")
    field.evaluate("field => field.value = field.value === '1' ? '2' : '1'")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("it counts in no result")).to_be_visible()
    return page


def _keys(app: Flask, visitor: Visitor) -> Page:
    page = _card(app, visitor)
    page.locator("#statement").focus()
    page.keyboard.press("?")
    expect(page.get_by_text("This list")).to_be_visible()
    return page


def _device(app: Flask, visitor: Visitor) -> Page:
    _stop(app, visitor)
    return visitor.open("/d/candour/device")


def _device_unknown(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{about_candour(app)}/device")


def _words(app: Flask, visitor: Visitor) -> Page:
    page = _device(app, visitor)
    page.get_by_role("button", name="Show me six words").click()
    expect(page.get_by_role("heading", name="Your six words")).to_be_visible()
    return page


def _words_wrong(app: Flask, visitor: Visitor) -> Page:
    _stop(app, visitor)
    page = visitor.open("/d/candour/device/join")
    page.get_by_label("The six words from the other device").fill("acorn badge cabin")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("These words do not work here")).to_be_visible()
    return page


def _erasure(app: Flask, visitor: Visitor) -> Page:
    _stop(app, visitor)
    return visitor.open("/d/candour/mine/erasure")


def _mine_empty(app: Flask, visitor: Visitor) -> Page:
    return visitor.open(f"/d/{about_candour(app)}/mine")


def _changed(app: Flask, **columns: object) -> str:
    slug = about_candour(app)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Deliberation).values(version=2, **columns))
    return slug


PAGES: dict[str, Callable[[Flask, Visitor], Page]] = {
    "vote": _card,
    "vote-opened": _card_with_all_opened,
    "vote-refused": _card_refused,
    "vote-without-situation": _card_without_situation,
    "vote-end": _end,
    "vote-nothing": _nothing_to_vote_on,
    "vote-closed": _closed,
    "vote-not-open": _not_open,
    "mine": _mine,
    "mine-empty": _mine_empty,
    "vote-stop": _stop,
    "vote-undone": _undone,
    "vote-chosen-again": _chosen_again,
    "vote-not-offered": _not_offered,
    "vote-keys": _keys,
    "device": _device,
    "device-unknown": _device_unknown,
    "device-words": _words,
    "device-words-wrong": _words_wrong,
    "mine-erasure": _erasure,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_around_voting(app: Flask, visitors: Visitors, name: str, width: int, height: int, scheme: str) -> None:
    visitor = visitors(width=width, height=height, color_scheme=scheme)

    page = PAGES[name](app, visitor)
    visitor.picture(f"{name}-{width}-{scheme}")

    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.locator("[data-user-text]:not([lang])").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_on_a_common_phone_scrolls_nowhere_sideways(app: Flask, visitors: Visitors, scheme: str) -> None:
    visitor = visitors(width=390, height=844, color_scheme=scheme)

    page = _card(app, visitor)
    visitor.picture(f"vote-390-{scheme}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
