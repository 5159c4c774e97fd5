"""A document's headings into sections: ids, authority, tags, spans and parents."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from markdown_it.token import Token

from deliberation.errors import SpecError
from deliberation.spec.text import markdown
from deliberation.spec.text.document import Authority, Section, Span
from deliberation.spec.text.lines import Lines

_LONGEST_ID = 200
_WORDS = {level.value: level for level in Authority} | {"platform": Authority.ROOT}


def sections(tokens: Sequence[Token], lines: Lines, name: str) -> tuple[Section, ...]:
    """The sections of a document in order; headings inside lists and quotes begin none.

    Raises SpecError: no heading at all, attributes that cannot be read, an unknown authority, an id used twice.
    """
    headings = [
        _Heading(opening, inline, lines, name)
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.level == 0
    ]
    if not headings:
        raise SpecError("no headings, so no sections", file=name, line=1, hint="begin a section with a line '# Title'")
    ids = _ids(headings, name)
    starts = [*(lines.start(heading.line) for heading in headings), len(lines.text)]
    found: list[Section] = []
    above: list[Section] = []
    for heading, section_id, (start, end) in zip(headings, ids, pairwise(starts), strict=True):
        above = [section for section in above if section.level < heading.level]
        section = heading.section(section_id, lines.between(start, end), above[-1].id if above else None)
        found.append(section)
        above.append(section)
    return tuple(found)


class _Heading:
    """What a heading's two tokens say."""

    def __init__(self, opening: Token, inline: Token, lines: Lines, name: str):
        first, _ = opening.map or (0, 0)
        self.line = first
        self.level = int(opening.tag[1:])
        self.title = markdown.plain(inline.children, {})
        self.span = lines.span(opening.map or (0, 1))
        if unreadable := opening.meta.get("unreadable"):
            hint = "write them as {#an_id authority=user}"
            raise SpecError(f"attributes that cannot be read: {unreadable}", file=name, line=first + 1, hint=hint)
        self.attributes: Mapping[str, str] = opening.meta["attributes"]
        self.own_id = self.attributes.get("id")
        if len(self.own_id or "") > _LONGEST_ID:
            problem, hint = f"an id of {len(self.own_id or '')} characters", f"at most {_LONGEST_ID}"
            raise SpecError(problem, file=name, line=first + 1, hint=hint)
        self.authority_word = self.attributes.get("authority")
        self.authority = _authority(self.authority_word, name, first + 1)

    def section(self, section_id: str, span: Span, parent: str | None) -> Section:
        return Section(
            id=section_id,
            title=self.title,
            level=self.level,
            authority=self.authority,
            authority_word=self.authority_word,
            tags=tuple(tag for tag in self.attributes.get("tags", "").split(",") if tag),
            heading=self.span,
            span=span,
            parent=parent,
            has_own_id=self.own_id is not None,
        )


def _authority(word: str | None, name: str, line: int) -> Authority | None:
    if word is None:
        return None
    if word.lower() not in _WORDS:
        hint = "root, system, developer, user or guideline"
        raise SpecError(f"unknown authority '{word}'", file=name, line=line, hint=hint)
    return _WORDS[word.lower()]


def _ids(headings: Sequence[_Heading], name: str) -> list[str]:
    """Each heading's own id, or one from its title as Markdown hosts make it, numbered where it is taken."""
    taken: dict[str, int] = {}
    for heading in headings:
        if heading.own_id is not None and taken.setdefault(heading.own_id, heading.line) != heading.line:
            problem = f"the id '{heading.own_id}' is already that of line {taken[heading.own_id] + 1}"
            raise SpecError(problem, file=name, line=heading.line + 1, hint="give each section its own id")
    used = set(taken)
    numbers: dict[str, int] = {}
    return [heading.own_id or _derived_id(heading.title, used, numbers) for heading in headings]


def _derived_id(title: str, used: set[str], numbers: dict[str, int]) -> str:
    slug = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")[: _LONGEST_ID // 2] or "section"
    derived = slug
    while derived in used:
        numbers[slug] = numbers.get(slug, 0) + 1
        derived = f"{slug}-{numbers[slug]}"
    used.add(derived)
    return derived
