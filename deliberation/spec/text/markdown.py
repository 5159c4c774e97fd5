"""One Markdown parser for reading, editing and drawing: CommonMark with tables, admonitions, front matter, and what a
Model Spec adds: attributes at a heading's end, footnote marks without definition, and titled example conversations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

_FOOTNOTE = re.compile(r"\[\^([\w-]{1,40})\]")
_ATTRIBUTE = re.compile(
    r"""\s*(?:\#(?P<id>[\w.:-]+) | \.(?P<class>[\w-]+)
        | (?P<key>[\w.:-]+)=(?:"(?P<quoted>[^"]*)" | (?P<bare>[^\s"]+)))(?=\s|$)""",
    re.VERBOSE,
)


def blocks(
    source: str, definitions: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[list[Token], dict[str, dict[str, str]]]:
    """Tokens of a text, their line maps counted from its first line, and the link definitions known after it.

    `definitions` are those known before, by normalised label.
    """
    env: dict[str, dict[str, dict[str, str]]] = {}
    if definitions:
        env["references"] = {label: dict(target) for label, target in definitions.items()}
    # A byte order mark would hide the first heading; it has no line of its own, so line maps stay right.
    tokens = MARKDOWN.parse(source.removeprefix("\ufeff"), env)
    return tokens, env.get("references", {})


def plain(children: Iterable[Token] | None, titles: Mapping[str, str]) -> str:
    """Inline tokens as text: no markup, no footnote marks, `[?](#id)` as the section's title."""
    parts: list[str] = []
    title = None
    for token in children or ():
        if token.type == "link_open":
            title = titles.get(target_of(token) or "")
        elif token.type == "link_close":
            title = None
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type in {"text", "code_inline", "image"}:
            parts.append(title if title and token.content == "?" else token.content)
    return "".join(parts).strip()


def target_of(opening: Token) -> str | None:
    """The section that a link names, or None for a link that leaves the document."""
    href = str(opening.attrGet("href") or "")
    return unquote(href[1:]) if href.startswith("#") and len(href) > 1 else None


def split_attributes(heading: str) -> tuple[str, dict[str, str]]:
    """A heading's text and the attributes at its end, as in `Title {#id authority=root tags=a,b}`.

    Raises ValueError where braces are meant as attributes (they begin with an id, or name an authority) but are not.
    """
    at = heading.rfind("{")
    if at < 0 or not heading.endswith("}") or heading[at - 1 : at] == "\\":
        return heading, {}
    inside = heading[at + 1 : -1].removeprefix(":").strip()
    attributes: dict[str, str] = {}
    end = 0
    while match := _ATTRIBUTE.match(inside, end):
        end = match.end()
        key = match["key"] or str(match.lastgroup)
        value = match["quoted"] if match["quoted"] is not None else match[str(match.lastgroup)]
        attributes[key] = value
    if end == len(inside):
        return heading[:at].rstrip(), attributes
    if inside.startswith("#") or "authority=" in inside:
        raise ValueError(heading[at:])
    return heading, {}


def example_title(tokens: Sequence[Token], at: int) -> Token | None:
    """The inline token that names the example whose paragraph opens at this index, if one does."""
    opening = tokens[at]
    return tokens[at + 1] if opening.type == "paragraph_open" and opening.meta.get("example") else None


def _attributes_of_headings(state: StateCore) -> None:
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open":
            try:
                inline.content, opening.meta["attributes"] = split_attributes(inline.content)
            except ValueError as unreadable:
                opening.meta["unreadable"] = str(unreadable)


def _mark_examples(state: StateCore) -> None:
    """Tie a paragraph that begins with a bold "Example" to the fenced conversation right after it."""
    tokens = state.tokens
    for at, opening in enumerate(tokens[:-3]):
        fence = tokens[at + 3]
        if (
            opening.type == "paragraph_open"
            and fence.type == "fence"
            and fence.level == opening.level
            and (fence.info.strip().startswith("xml") or fence.content.lstrip().startswith("<"))
            and _names_example(tokens[at + 1])
        ):
            for token in (opening, tokens[at + 2], fence):
                token.meta["example"] = True


def _names_example(inline: Token) -> bool:
    said = [token for token in inline.children or () if token.type != "text" or token.content]
    return (
        len(said) > 2
        and [said[0].type, said[1].type, said[2].type] == ["strong_open", "text", "strong_close"]
        and said[1].content.rstrip(": ").lower() == "example"
    )


def title_text(inline: Token, titles: Mapping[str, str]) -> str:
    """What follows the bold "Example" in an example's title."""
    return plain(inline.children, titles)[len("example") :].strip().removeprefix(":").strip()


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("footnote_mark", "", 0)
        token.content = match[1]
        token.meta.update(start=match.start(), end=match.end())
    state.pos = match.end()
    return True


def _placed_link(state: StateInline, silent: bool) -> bool:
    """The library's own rule, which forgets where in the source a link stood."""
    start, known = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opening = next(token for token in state.tokens[known:] if token.type == "link_open")
        opening.meta.update(start=start, end=state.pos)
    return True


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(admon_plugin)
    markdown.core.ruler.after("block", "heading_attributes", _attributes_of_headings)
    markdown.core.ruler.after("inline", "examples", _mark_examples)
    markdown.inline.ruler.before("link", "footnote_mark", _footnote_mark)
    markdown.inline.ruler.at("link", _placed_link)
    return markdown


MARKDOWN = _build()
