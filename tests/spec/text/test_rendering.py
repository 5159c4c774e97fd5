"""Sections as HTML: what a spec holds is drawn, and nothing in it can act."""

import re
import time
from html.parser import HTMLParser

import pytest

from deliberation.spec.text.document import Message
from deliberation.spec.text.parsing import parse
from deliberation.spec.text.rendering import render, render_conversation, render_section
from tests.spec.text.samples import SPEC


def drawn(markdown: str) -> str:
    return render_section(parse(f"# A {{#a}}\n\n{markdown}\n\n# Other <b>title</b> {{#other}}\n"), "a")


def test_every_section_is_drawn_without_its_heading():
    sections = render(parse(SPEC))

    assert [section.id for section, _ in sections] == ["purpose", "rules", "honesty", "style"]
    assert not any(re.search(r"<h\d", html) for _, html in sections)


def test_prose_is_drawn_with_its_markup():
    html = render_section(parse(SPEC), "rules")

    assert "<code>calm</code> and <em>kind</em>" in html
    assert html.count("<li>") == 2


def test_a_reference_without_text_shows_the_sections_title():
    assert '<a href="#other" rel="nofollow noopener ugc">Other title</a>' in drawn("See [?](#other).")
    assert ">?</a>" in drawn("See [?](#nowhere).")


def test_commentary_is_an_aside():
    html = render_section(parse(SPEC), "purpose")

    assert '<aside class="commentary">\n<p class="commentary-title">Commentary</p>' in html
    assert '<a href="#honesty" rel="nofollow noopener ugc">Honesty</a>' in html


def test_a_footnote_is_a_mark_with_an_id_of_its_own_kind_where_it_first_stands():
    html = drawn("One[^ab12] two[^ab12].")

    assert html.count('<sup class="footnote" id="footnote-ab12">ab12</sup>') == 1
    assert html.count('<sup class="footnote">ab12</sup>') == 1


def test_an_example_is_a_conversation_with_verdicts():
    html = render_section(parse(SPEC), "honesty")

    assert '<figcaption class="example-title"><strong>Example</strong>: a question from the' in html
    assert html.count('<ol class="conversation">') == 1
    assert '<li class="message message-user"><span class="message-role">User</span>' in html
    assert '<span class="verdict verdict-good">GOOD</span> <span class="verdict-reason">short, as told</span>' in html
    assert '<span class="verdict verdict-bad">BAD</span> <a href="#rules"' in html
    assert "violates Purpose" in html
    assert "Assistant, recipient: calculator, end_turn: false" in html
    assert '<span class="message-part"><span class="message-role">Untrusted</span>' in html
    assert "Is 1 &lt; 2?" in html


def test_link_definitions_of_other_sections_are_known():
    html = render_section(parse("# A {#a}\n\nSee [there][t].\n\n# B {#b}\n\n[t]: https://example.org/\n"), "a")

    assert '<a href="https://example.org/" rel="nofollow noopener ugc">there</a>' in html


def test_tables_and_code_can_be_scrolled_by_keyboard():
    html = drawn("| a |\n|:--|\n| b |\n\n```\ncode\n```")

    assert '<div class="table" tabindex="0"><table>' in html
    assert '<pre tabindex="0"><code>code\n</code></pre>' in html
    assert "style" not in html


def test_comments_are_not_shown():
    assert "secret" not in drawn("a <!-- secret --> b\n\n<!-- secret\n\n# secret -->")


def test_a_conversation_of_ones_own_is_drawn_as_text():
    html = render_conversation([Message("user", "<img src=x onerror=alert(1)>")])

    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


class _Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ATTACKS = [
    "<script>alert(1)</script>",
    "text <script src=https://evil.example/x.js></script> text",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import 'https://evil.example';</style>",
    "<details open ontoggle=alert(1)>",
    "<form action=https://evil.example><input name=a></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "![x](https://evil.example/beacon.png)",
    '![x](x"onerror="alert(1))',
    '[x](https://ok.example "title\\" onmouseover=alert(1) \\"")',
    '```html" onclick=alert(1)\n<script>alert(1)</script>\n```',
    '!!! meta "<img src=x onerror=alert(1)>"\n    <script>alert(1)</script>',
    '!!! x" onclick="alert(1)\n    text',
    '**Example**: <script>alert(1)</script>\n\n~~~xml\n<user x="\'><script>">\n<script>alert(1)</script>\n</user>\n~~~',
    "**Example**: x\n\n~~~xml\n<comparison>\n"
    "<assistant> <!-- BAD: <img src=x onerror=alert(1)> [x](javascript:alert(1)) -->\n</comparison>\n~~~",
    "| <script>alert(1)</script> |\n|---|\n| [x](javascript:alert(1)) |",
    "[^<script>] [^onclick]",
    '<xmp><p title="</xmp><script>alert(1)</script>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_a_text_can_act_or_load(attack: str):
    html = drawn(attack) if "<!--<" not in attack else drawn(f"x {attack}")

    for tag, attributes in _Tags(html).found:
        assert tag not in {"script", "style", "img", "iframe", "svg", "form", "input", "base", "meta", "object", "math"}
        assert not [name for name in attributes if name.startswith("on") or name in {"src", "style"}]
        scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", attributes.get("href") or "")
        assert scheme is None or scheme[1] in {"http", "https", "mailto"}


@pytest.mark.parametrize(
    "hostile",
    [
        ">" * 50_000,
        "> " * 200 + "x\n" * 100,
        "[" * 20_000,
        "![" * 10_000,
        "*a_" * 10_000,
        "x `" + "` `" * 10_000,
        "<!--" * 10_000 + "-->",
        "[a](" * 10_000,
        "".join(f"{'  ' * depth}- x\n" for depth in range(500)),
        "!!! a\n" * 5_000,
        "**Example**: x\n\n~~~xml\n" + "<user>\n" * 20_000 + "~~~",
        "**Example**: x\n\n~~~xml\n" + "<user>\n<untrusted>\n" * 10_000 + "~~~",
        "**Example**: x\n\n~~~xml\n<comparison>\n" + "<assistant> <!-- GOOD\n" * 10_000 + "~~~",
        "# x\n" * 10_000,
        "x[^ab12]" * 10_000,
    ],
    ids=lambda hostile: repr(hostile[:24]),
)
def test_hostile_nesting_is_drawn_in_reasonable_time(hostile: str):
    began = time.process_time()

    document = parse(f"# A {{#a}}\n\n{hostile}\n")
    render_section(document, "a")

    assert time.process_time() - began < 5
