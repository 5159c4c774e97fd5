"""Conversations in tags, as the fenced blocks of a Model Spec hold them: read with tolerance, written exactly.

The blocks look like XML but are not: messages hold code, bare `<` and Markdown, which an XML reader refuses and an HTML
reader rewrites. So only the known tags count, inside a message only at a line's start or end; entities count where they
are complete; all else is text.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deliberation.errors import SpecError
from deliberation.spec.text.document import Comparison, Label, LabelledResponse, Message, Span
from deliberation.spec.text.escaping import one_line
from deliberation.spec.text.lines import Lines

ROLES = ("system", "developer", "user", "assistant", "tool")
NESTED = ("untrusted", "settings")

_NAMES = "|".join((*ROLES, *NESTED, "comparison"))
_TAG = re.compile(
    rf"""<(?P<close>/?)(?P<name>{_NAMES})\b(?P<attributes>(?:[ \t]+[\w:-]+(?:=(?:"[^"\n]*"|'[^'\n]*'))?)*)[ \t]*>"""
)
_PAIR = re.compile(r"""([\w:-]+)=(?:"([^"\n]*)"|'([^'\n]*)')""")
# A message also ends where the next one begins: some published specs mark lines with "*", or forget to close.
_STRUCTURE = re.compile(rf"^[ \t]*\*?</?(?:{'|'.join(ROLES)}|comparison)\b[^<>\n]*>", re.MULTILINE)
_CLOSINGS = {name: re.compile(rf"^[ \t]*\*?</{name}>|</{name}>[ \t]*$", re.MULTILINE) for name in (*ROLES, *NESTED)}
_COMMENT = re.compile(r"\s*<!--(.*?)-->", re.DOTALL)
_LABEL = re.compile(r"(GOOD|BAD|OK)\b(?:\[#([\w.:-]+)\])?(?:\s*[:,]\s*(.*))?", re.DOTALL)
_BLANK_START = re.compile(r"\A(?:[ \t]*\n)+")

_ENTITY_BODY = r"(?:lt|gt|amp|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
_ENTITY = re.compile("&" + _ENTITY_BODY)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPES = (
    (re.compile(f"&(?={_ENTITY_BODY})"), "&amp;"),
    (re.compile(rf"<(?=!--|/?(?:{_NAMES})\b)"), "&lt;"),
    # Not read as a link in a fence, but tools that search the whole file for links to sections would find it.
    (re.compile(r"\]\(#"), "](&#35;"),
)


@dataclass(frozen=True)
class _Said:
    """A message, its label's comment if it has one, and the offsets in the block that it fills."""

    message: Message
    written: str
    start: int
    end: int


@dataclass(frozen=True)
class _Place:
    """Where a block stands in its document."""

    block: Lines
    document: Lines
    first: int

    def span(self, start: int, end: int) -> Span:
        """Whole lines: a fence inside a list loses its indent, so columns in the block are not the file's."""
        here = self.block.between(start, end)
        return self.document.span((self.first + here.first_line - 1, self.first + here.last_line))


def read(block: str, lines: Lines, first: int) -> tuple[Message | Comparison, ...]:
    """The turns of a fenced block; `first` is the line of `lines` (from 0) on which the block's first line stands."""
    turns: list[Message | Comparison] = []
    compared: list[list[_Said]] | None = None
    at = 0
    place = _Place(Lines(block), lines, first)
    while tag := _TAG.search(block, at):
        at = tag.end()
        if tag["name"] == "comparison":
            turns += _comparison(compared, place)
            compared = None if tag["close"] else []
        elif not tag["close"]:
            said = _message(block, tag)
            at = said.end
            if compared is None:
                turns.append(said.message)
            elif said.written or not compared:
                compared.append([said])
            else:
                compared[-1].append(said)
    turns += _comparison(compared, place)
    return tuple(turns)


def parts(content: str) -> Iterator[tuple[str, str]]:
    """A message's content as (kind, text) in order; the kind is "text" or the name of a nested block."""
    lines = content.split("\n")
    nested = _nested_tags(lines)
    start = 0
    for at in [*sorted(nested), len(lines)]:
        text = "\n".join(lines[start:at]).strip("\n")
        if text.strip():
            yield nested.get(at, "text"), text
        start = at + 1


def write(
    messages: Sequence[Message],
    good: Sequence[tuple[str, str | None]] = (),
    bad: Sequence[tuple[str, str | None]] = (),
) -> str:
    """A block that `read` turns back into this prompt and these responses, each a (text, reason).

    Texts come out as `tidy` leaves them. Lines end with a bare newline, the last one with nothing. Raises SpecError for
    a role that has no tag.
    """
    written = [_written(message) for message in messages]
    if good or bad:
        labels = [(text, _label(Label.GOOD, reason)) for text, reason in good]
        labels += [(text, _label(Label.BAD, reason)) for text, reason in bad]
        responses = [_written(Message("assistant", text), label) for text, label in labels]
        written += ["<comparison>", *responses, "</comparison>"]
    return "\n".join(written)


def tidy(content: str) -> str:
    """A text as `write` puts it down: newlines as line breaks, none before or after, no control characters."""
    content = re.sub(r"\r\n?", "\n", content)
    return _trimmed(_UNWRITABLE.sub(" ", content))


def _message(block: str, tag: re.Match[str]) -> _Said:
    boundary = _STRUCTURE.search(block, tag.end())
    limit = boundary.end() if boundary else len(block)
    closing = _CLOSINGS[tag["name"]].search(block, tag.end(), limit)
    stop = closing.start() if closing else boundary.start() if boundary else len(block)
    content, written = _split_label(block[tag.end() : stop])
    attributes = tuple((pair[1], html.unescape(pair[2] or pair[3] or "")) for pair in _PAIR.finditer(tag["attributes"]))
    message = Message(tag["name"], _unescaped(_trimmed(content)), attributes)
    return _Said(message, written, tag.start(), closing.end() if closing else stop)


def _split_label(content: str) -> tuple[str, str]:
    """A message's own text, and the label's comment that stands before it."""
    comment = _COMMENT.match(content)
    if comment is None or not _LABEL.fullmatch(comment[1].strip()):
        return content, ""
    return content[comment.end() :], comment[1].strip()


def _comparison(groups: list[list[_Said]] | None, place: _Place) -> list[Message | Comparison]:
    if not groups:
        return []
    return [Comparison(tuple(_response(group, place.span(group[0].start, group[-1].end)) for group in groups))]


def _response(group: list[_Said], span: Span) -> LabelledResponse:
    messages = tuple(said.message for said in group)
    written = group[0].written
    label = _LABEL.fullmatch(written)
    if label is None:
        return LabelledResponse(None, None, messages, span)
    reason = _unescaped(label[3] or "").strip() or None
    return LabelledResponse(Label(label[1]), reason, messages, span, written, label[2])


def _trimmed(content: str) -> str:
    return _BLANK_START.sub("", content).rstrip()


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _nested_tags(lines: Sequence[str]) -> dict[int, str]:
    """Lines that are tags of a nested block, each with what the lines before it are."""
    found: dict[int, str] = {}
    opened, name = 0, ""
    for at, line in enumerate(lines):
        if not name and line[1:-1] in NESTED and line == f"<{line[1:-1]}>":
            opened, name = at, line[1:-1]
        elif name and line == f"</{name}>":
            found[opened], found[at] = "text", name
            name = ""
    return found


def _written(message: Message, label: str = "") -> str:
    if message.role not in (*ROLES, *NESTED):
        raise SpecError(f"a message cannot have the role '{message.role}'", hint=", ".join(ROLES))
    attributes = "".join(f' {name}="{html.escape(one_line(value))}"' for name, value in message.attributes)
    lines = tidy(message.content).split("\n")
    nested = _nested_tags(lines)
    body = [line if at in nested else _escaped(line) for at, line in enumerate(lines)]
    return "\n".join([f"<{message.role}{attributes}>{label}", *(body if body != [""] else []), f"</{message.role}>"])


def _label(label: Label, reason: str | None) -> str:
    told = f": {_escaped(one_line(reason)).replace('-->', '--&gt;')}" if reason and one_line(reason) else ""
    return f" <!-- {label}{told} -->"


def _escaped(text: str) -> str:
    for pattern, replacement in _ESCAPES:
        text = pattern.sub(replacement, text)
    return text
