"""A document's prose as plain passages, to compare statements with."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from deliberation.spec.text import markdown
from deliberation.spec.text.document import Document


@dataclass(frozen=True)
class Passage:
    """A paragraph or bullet without markup, and the section it stands in."""

    section_id: str
    text: str


def passages(document: Document) -> list[Passage]:
    """Paragraphs, bullets and table cells in order; without headings, examples, code and commentary."""
    return [
        Passage(section.id, text)
        for section in document.sections
        for text in _prose(document.source(section.id), document.link_targets, document.titles)
        if text
    ]


def _prose(source: str, definitions: dict[str, dict[str, str]], titles: dict[str, str]) -> Iterator[str]:
    tokens, _ = markdown.blocks(source, definitions)
    commentary = 0
    for before, token in pairwise(tokens):
        commentary += (token.type == "admonition_open") - (token.type == "admonition_close")
        is_prose = not commentary and before.type != "heading_open" and not before.meta.get("example")
        if token.type == "inline" and is_prose:
            yield markdown.plain(token.children, titles)
