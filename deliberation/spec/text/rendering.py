"""Sections as HTML: prose by the Markdown parser's own renderer, examples as conversations, and a sanitiser after both.

The text comes from files, so nothing in it becomes a tag of its own: raw HTML is shown as text, images as their
descriptions. The sanitiser is the second wall. Headings are not drawn; the page that shows a section draws its own.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from deliberation.spec.text import conversations, markdown
from deliberation.spec.text.document import Comparison, Document, Label, LabelledResponse, Message, Section
from deliberation.spec.text.lines import Lines

_TAGS = """
    a aside blockquote br code div em figcaption figure h3 hr li ol p pre span strong sup
    table tbody td th thead tr ul
"""
_VERDICTS = {f"verdict-{label.lower()}" for label in Label}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "a": {"href", "title"},
        "div": {"tabindex"},
        "ol": {"start"},
        "pre": {"tabindex"},
        "span": {"dir", "data-user-text"},
        "sup": {"id"},
    },
    allowed_classes={
        "aside": {"commentary"},
        "div": {"table"},
        "figcaption": {"example-title"},
        "figure": {"example"},
        "li": {"message", *(f"message-{role}" for role in (*conversations.ROLES, *conversations.NESTED))},
        "ol": {"conversation"},
        "p": {"commentary-title"},
        "span": {"message-role", "message-part", "verdict", "verdict-reason", *_VERDICTS},
        "sup": {"footnote"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener ugc",
)


_PLAIN = RendererHTML()
_NOTHING = Token("", "", 0)


def render_section(document: Document, section_id: str) -> str:
    """A section's own content as safe HTML, without its heading. Raises NotFound.

    Links to sections keep their bare `#id`; footnote marks carry `footnote-MARK` where the mark first stands.
    """
    source = document.source(section_id)
    tokens, _ = markdown.blocks(source, document.link_targets)
    drawing = _Drawing(document.titles, Lines(source), set(document.first_marks.get(section_id, ())))
    return _CLEANER.clean("".join(_draw(_without_heading(tokens), drawing)))


def render(document: Document) -> list[tuple[Section, str]]:
    """Every section in order with its content as `render_section` draws it."""
    return [(section, render_section(document, section.id)) for section in document.sections]


def render_conversation(turns: Sequence[Message | Comparison]) -> str:
    """A conversation as safe HTML, with verdicts on the responses that have one."""
    return _CLEANER.clean("".join(_conversation(turns, {})))


def _without_heading(tokens: Sequence[Token]) -> Sequence[Token]:
    return tokens[3:]


@dataclass(frozen=True)
class _Drawing:
    """What drawing a section needs to know beyond its tokens; `unseen_marks` shrinks on the way."""

    titles: dict[str, str]
    lines: Lines
    unseen_marks: set[str]


def _draw(tokens: Sequence[Token], drawing: _Drawing) -> Iterator[str]:
    """Each token by its own rule; the library draws the plain tags that have none."""
    for before, token in pairwise([_NOTHING, *tokens]):
        if token.type == "inline":
            yield from _draw(token.children or [], drawing)
        elif token.type in _FIXED:
            yield _FIXED[token.type]
        elif token.type in _DRAWN:
            yield _DRAWN[token.type](drawing, token, before)
        else:
            yield _PLAIN.renderToken([token], 0, markdown.MARKDOWN.options, {})


def _text(drawing: _Drawing, token: Token, before: Token) -> str:
    if token.content == "?" and before.type == "link_open":
        return html.escape(drawing.titles.get(markdown.target_of(before) or "", "?"))
    return html.escape(token.content)


def _footnote_mark(drawing: _Drawing, token: Token, _before: Token) -> str:
    mark = token.content
    anchor = f' id="footnote-{mark}"' if mark in drawing.unseen_marks else ""
    drawing.unseen_marks.discard(mark)
    return f'<sup class="footnote"{anchor}>{mark}</sup>'


def _code_inline(_drawing: _Drawing, token: Token, _before: Token) -> str:
    return f"<code>{html.escape(token.content)}</code>"


def _raw_html(_drawing: _Drawing, token: Token, _before: Token) -> str:
    return "" if token.content.lstrip().startswith("<!--") else html.escape(token.content)


def _image(_drawing: _Drawing, token: Token, _before: Token) -> str:
    return html.escape(token.content)


def _paragraph_open(_drawing: _Drawing, token: Token, _before: Token) -> str:
    if token.meta.get("example"):
        return '<figure class="example"><figcaption class="example-title">'
    return "" if token.hidden else "<p>"


def _paragraph_close(_drawing: _Drawing, token: Token, _before: Token) -> str:
    if token.meta.get("example"):
        return "</figcaption>\n"
    return "" if token.hidden else "</p>\n"


def _code(_drawing: _Drawing, token: Token, _before: Token) -> str:
    return f'<pre tabindex="0"><code>{html.escape(token.content)}</code></pre>\n'


def _fence(drawing: _Drawing, token: Token, before: Token) -> str:
    if not token.meta.get("example"):
        return _code(drawing, token, before)
    turns = conversations.read(token.content, drawing.lines, token.map[0] + 1 if token.map else 0)
    return "".join(_conversation(turns, drawing.titles)) + "</figure>\n"


_FIXED = {
    "softbreak": "\n",
    "hardbreak": "<br>\n",
    # The page's own headings are h1 and h2; these stand in lists and quotes.
    "heading_open": "<h3>",
    "heading_close": "</h3>\n",
    "table_open": '<div class="table" tabindex="0"><table>\n',
    "table_close": "</table></div>\n",
    "admonition_open": '<aside class="commentary">\n',
    "admonition_close": "</aside>\n",
    "admonition_title_open": '<p class="commentary-title">',
}
_DRAWN = {
    "text": _text,
    "footnote_mark": _footnote_mark,
    "code_inline": _code_inline,
    "html_block": _raw_html,
    "html_inline": _raw_html,
    "image": _image,
    "paragraph_open": _paragraph_open,
    "paragraph_close": _paragraph_close,
    "code_block": _code,
    "fence": _fence,
}


def _conversation(turns: Sequence[Message | Comparison], titles: dict[str, str]) -> Iterator[str]:
    yield '<ol class="conversation">\n'
    for turn in turns:
        if isinstance(turn, Message):
            yield _message(turn)
        else:
            for response in turn.responses:
                verdict = _verdict(response, titles)
                yield "".join(_message(message, verdict) for message in response.messages)
    yield "</ol>\n"


def _message(message: Message, verdict: str = "") -> str:
    said = "".join(_part(kind, text) for kind, text in conversations.parts(message.content))
    to = "".join(f", {name}: {value}" for name, value in message.attributes)
    role = html.escape(message.role.capitalize() + to)
    return f'<li class="message message-{message.role}"><span class="message-role">{role}</span> {verdict}{said}</li>\n'


def _part(kind: str, text: str) -> str:
    said = f'<span dir="auto" data-user-text>{html.escape(text)}</span>'
    if kind == "text":
        return said
    return f'<span class="message-part"><span class="message-role">{kind.capitalize()}</span> {said}</span>'


def _verdict(response: LabelledResponse, titles: dict[str, str]) -> str:
    if response.label is None:
        return ""
    verdict = f'<span class="verdict verdict-{response.label.lower()}">{response.label}</span> '
    if response.rule in titles:
        verdict += f'<a href="#{html.escape(response.rule)}">{html.escape(titles[response.rule])}</a> '
    if response.reason:
        (inline,) = markdown.MARKDOWN.parseInline(response.reason)
        verdict += f'<span class="verdict-reason">{html.escape(markdown.plain(inline.children, titles))}</span> '
    return verdict
