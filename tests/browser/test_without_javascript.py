"""The whole of voting with JavaScript switched off: plain forms and pages."""

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from deliberation.db.session import db
from tests.browser.conftest import Visitors
from tests.browser.deliberations import STATEMENTS, about_candour


def test_one_votes_gives_a_reason_changes_a_vote_and_comes_to_the_end(app: Flask, visitors: Visitors) -> None:
    page = visitors(java_script_enabled=False).open(f"/d/{about_candour(app)}/vote")
    page.get_by_text("Add a reason").click()
    page.get_by_label("Your reason").fill("It spares a worse surprise.")

    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("Agreed, saved", exact=True)).to_be_visible()
    expect(page.get_by_text(f"2 of about {len(STATEMENTS)}")).to_be_visible()
    for _ in STATEMENTS[1:]:
        page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("heading", name=f"You have voted on all {len(STATEMENTS)} statements")).to_be_visible()
    page.locator("main").get_by_role("link", name="My votes").click()
    agreed = page.get_by_role("listitem").filter(has_text="You agreed")
    agreed.get_by_role("button", name="Disagree").click()

    expect(page.get_by_text("You disagreed")).to_be_visible()
    expect(page.get_by_text("It spares a worse surprise.")).to_be_visible()
    with app.app_context():
        assert list(db.session.scalars(sa.text("SELECT choice FROM vote_event ORDER BY id"))) == [1, 0, 0, 0, 0, 0, -1]


def test_going_back_shows_the_open_card_and_votes_nothing_again(app: Flask, visitors: Visitors) -> None:
    page = visitors(java_script_enabled=False).open(f"/d/{about_candour(app)}")
    page.goto(page.url + "/vote")
    page.get_by_role("button", name="Agree", exact=True).click()
    following = page.locator("#statement").inner_text()

    page.go_back()
    page.go_forward()

    assert page.locator("#statement").inner_text() == following
    with app.app_context():
        assert list(db.session.scalars(sa.text("SELECT choice FROM vote_event"))) == [1]
