"""Exact edits of a spec's text, applied byte for byte, and the builders of the two kinds that consensus leads to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from deliberation.errors import Conflict, SpecError
from deliberation.spec.text import conversations, escaping, markdown
from deliberation.spec.text.document import Document, Message
from deliberation.spec.text.lines import Lines

Response = tuple[str, str | None]
"""What an assistant might answer, and the reason for the verdict if one is given."""

_BULLET = re.compile(r"(?P<indent>\s*)(?P<marker>[-+*])(?P<gap> {1,4}(?=\S)|\t(?=\S))?")


class EditConflict(Conflict):
    """Edits that do not fit their text, or each other."""


@dataclass(frozen=True)
class Edit:
    """The replacement of `old` at `start:end`, offsets in the base text, by `new`; an insertion has an empty `old`."""

    section_id: str
    start: int
    end: int
    old: str
    new: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; what no edit covers stays as it is.

    Insertions at one point follow each other in the given order. Raises EditConflict where an edit's `old` does not
    stand at its place, and where two edits overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            problem = f"two edits overlap in section '{edit.section_id}'"
            raise EditConflict(problem, hint="apply them one after the other")
        if not 0 <= edit.start <= edit.end <= len(text) or text[edit.start : edit.end] != edit.old:
            line = text.count("\n", 0, max(edit.start, 0)) + 1
            problem = f"the text to be edited in section '{edit.section_id}' is not there"
            raise EditConflict(problem, line=line, hint="make the edit against this release")
        parts += [text[done : edit.start], edit.new]
        done = edit.end
    return "".join([*parts, text[done:]])


def add_rule(document: Document, section_id: str, sentence: str) -> Edit:
    """One more rule in a section, in the sentence's own words.

    It becomes a bullet where the section's prose before its first example ends with a bullet list, else a paragraph
    after that prose; commentary does not count as prose. Several rules for one section stack. Raises NotFound, and
    SpecError for an empty sentence.
    """
    text = escaping.paragraph(sentence)
    if not text:
        raise SpecError("an empty sentence cannot become a rule", hint="give the rule's wording")
    place = _Place(document, section_id)
    line, bullet = place.end_of_prose()
    return place.insert_after(line, f"\n{bullet}{text}" if bullet else f"\n\n{text}")


def add_example(
    document: Document,
    section_id: str,
    title: str,
    messages: Sequence[Message],
    *,
    good: Sequence[Response] = (),
    bad: Sequence[Response] = (),
) -> Edit:
    """One more example at a section's end: the prompt, and the responses that are GOOD and BAD.

    Where a rule and an example are added at the same place, the rule comes first, unless the file ends right there
    without a line break: then the given order decides. Raises NotFound, and SpecError for an empty title, no message,
    no response or a role without a tag.
    """
    if not escaping.one_line(title) or not messages or not (good or bad):
        raise SpecError("an example needs a title, a message and a response", hint="give what is missing")
    block = conversations.write(messages, good, bad)
    # A longer fence, rather than changed words, where the conversation itself holds a row of tildes.
    fence = "~" * max(3, 1 + max(map(len, re.findall("~+", block)), default=0))
    example = f"**Example**: {escaping.inline(title)}\n\n{fence}xml\n{block}\n{fence}"
    place = _Place(document, section_id)
    return place.insert_below(example)


class _Place:
    """A section's lines and blocks, and insertions among them that leave its neighbours as they are."""

    def __init__(self, document: Document, section_id: str):
        self._section = document.section(section_id)
        self._lines = Lines(document.text)
        self._first = self._section.span.first_line - 1
        self._last = self._lines.last_filled(self._section.span.last_line - 1, self._first)
        tokens, _ = markdown.blocks(document.source(section_id))
        self._blocks = [token for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
        self._tokens = tokens

    def end_of_prose(self) -> tuple[int, str]:
        """The line after which a rule goes, and the beginning of a bullet with its blank line, or nothing."""
        heading, *blocks = self._blocks
        last = heading
        for block in blocks:
            if block.meta.get("example"):
                break
            if block.type != "admonition_open":
                last = block
        end = self._first + (last.map or (0, 1))[1] - 1
        bullet = self._bullet(last) if last.type == "bullet_list_open" else ""
        return self._lines.last_filled(end, self._first), bullet

    def insert_after(self, line: int, new: str) -> Edit:
        """An insertion at a line's end."""
        at = self._lines.end(line)
        return self._insertion(at, new + self._distance(line))

    def insert_below(self, block: str) -> Edit:
        """An insertion after the section's last line, set apart by blank lines."""
        at = self._lines.following(self._last)
        if at == self._lines.end(self._last):
            return self._insertion(at, f"\n\n{block}")
        return self._insertion(at, f"\n{block}\n{self._distance(self._last)}")

    def _distance(self, line: int) -> str:
        """A blank line, where what follows would otherwise join what is put before it."""
        return "\n" if line + 1 < len(self._lines) and not self._lines.is_blank(line + 1) else ""

    def _insertion(self, at: int, new: str) -> Edit:
        return Edit(self._section.id, at, at, "", new.replace("\n", self._lines.newline))

    def _bullet(self, bullets: Token) -> str:
        """What stands before a new bullet's text in the style of the list's last one."""
        at = self._tokens.index(bullets)
        items = []
        for token in self._tokens[at + 1 :]:
            if token.type == "bullet_list_close" and token.level == bullets.level:
                break
            if token.level == bullets.level + 1 and token.type == "list_item_open":
                items.append(token)
        line = self._lines[self._first + (items[-1].map or (0, 1))[0]]
        shape = _BULLET.match(line)
        prefix = f"{shape['indent']}{shape['marker']}{shape['gap'] or ' '}" if shape else "- "
        return ("\n" if self._is_loose(at, bullets) else "") + prefix

    def _is_loose(self, at: int, bullets: Token) -> bool:
        """Whether the list's paragraphs are set apart by blank lines."""
        for token in self._tokens[at + 1 :]:
            if token.type == "bullet_list_close" and token.level == bullets.level:
                return False
            if token.type == "paragraph_open" and token.level == bullets.level + 2:
                return not token.hidden
        return False
