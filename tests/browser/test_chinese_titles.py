"""A Chinese title breaks between its words, not within one."""

import pytest
from flask import Flask

from deliberation.db.session import transaction
from tests.browser.conftest import Visitors
from tests.builders import a_deliberation

TITLE = "UberX 自用車載客 — vTaiwan.tw"


@pytest.mark.parametrize(("path", "selector"), [("/d/uberx", "h1"), ("/", "h2 a")])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_line_ends_within_a_word(app: Flask, visitors: Visitors, path: str, selector: str, width: int) -> None:
    with app.app_context(), transaction() as session:
        a_deliberation(session, slug="uberx", title=TITLE, language="zh")
    page = visitors(width=width).open(path)

    lines = page.locator(selector).first.evaluate(
        """heading => {
            const text = heading.firstChild, tops = [], range = document.createRange();
            for (let at = 0; at < text.length; at++) {
                range.setStart(text, at); range.setEnd(text, at + 1);
                const box = range.getClientRects()[0];
                if (!box?.width) continue;
                const line = tops.find(each => Math.abs(each.top - box.top) < box.height / 2);
                if (line) line.text += text.data[at]; else tops.push({top: box.top, text: text.data[at]});
            }
            return tops.map(each => each.text.trim());
        }"""
    )

    assert " ".join(lines) == TITLE
