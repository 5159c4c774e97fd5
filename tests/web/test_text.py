"""Longer texts of people's own: Markdown comes out as safe HTML."""

import pytest

from deliberation.web.text import rich_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("One\nTwo", "<p>One<br>\nTwo</p>\n"),
        ("* **Bold**\n* _slanted_", "<ul>\n<li><strong>Bold</strong></li>\n<li><em>slanted</em></li>\n</ul>\n"),
        ("# A heading", "<p>A heading</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("![a picture](https://example.org/a.png)", '<p>!<a href="https://example.org/a.png" rel='),
        ("", ""),
    ],
)
def test_markdown_is_drawn_and_nothing_else(text: str, html: str) -> None:
    assert rich_text(text).startswith(html)


def test_links_are_followed_by_no_search_engine() -> None:
    assert rich_text("[x](https://example.org)") == (
        '<p><a href="https://example.org" rel="nofollow noopener ugc">x</a></p>\n'
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x"])
def test_links_that_act_are_no_links(address: str) -> None:
    assert "href" not in rich_text(f"[x]({address})")
    assert "href" not in rich_text(f"<{address}>")
