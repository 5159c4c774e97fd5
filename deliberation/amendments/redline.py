"""What an edit changes, for people to see: the words inserted and deleted, with the paragraph around them."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deliberation.spec.text import markdown
from deliberation.spec.text.document import Comparison, Document, Example
from deliberation.spec.text.edits import Edit
from deliberation.spec.text.parsing import parse

Part = tuple[str, str]
"""Kind ("same", "ins" or "del") and text."""

# A word, a run of spaces, or one sign. Chinese has no spaces between words, so each of its signs is a token.
_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+(?:['’][^\W{_HAN}]+)*|\s+|.", re.DOTALL)
_BULLET = re.compile(r"\s*[-+*]\s+")
_LONGEST_CONTEXT = 300


@dataclass(frozen=True)
class Spoken:
    """A line of an example that was added: who says it, or how it is judged, and what is said.

    answer: the key under which a candidate response was put to the public.
    """

    who: str
    text: str
    answer: str | None = None


def redline(before: str, after: str) -> list[Part]:
    """What turns one text into the other, word by word."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    parts: list[Part] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[old_start:old_end])))
            continue
        parts.append(("del", "".join(old[old_start:old_end])))
        parts.append(("ins", "".join(new[new_start:new_end])))
    return [part for part in parts if part[1]]


def around(document: Document, edit: Edit) -> list[Part]:
    """An edit with the paragraph before it and what follows on its last line, as readers see them: without markup."""
    section = document.section(edit.section_id)
    start = _paragraph_start(document.text, section.heading.end, edit.start)
    end = _line_end(document.text, edit.end, section.span.end)
    lead, tail = document.text[start : edit.start], document.text[edit.end : end]
    before, after = (_plain(lead + middle + tail, document.titles) for middle in (edit.old, edit.new))
    return list(_apart(redline(before, after)))


def spoken(edit: Edit, answers: Mapping[str, str]) -> list[Spoken]:
    """The lines of the example that an edit adds; none where it adds no example. answers: keys of responses by text."""
    examples = parse(f"# Section\n\n{edit.new}").examples
    return [line for example in examples for line in _lines(example, answers)]


def _lines(example: Example, answers: Mapping[str, str]) -> Iterator[Spoken]:
    for turn in example.turns:
        if not isinstance(turn, Comparison):
            yield Spoken(turn.role, turn.content)
            continue
        for response in turn.responses:
            text = "\n".join(message.content for message in response.messages)
            yield Spoken(response.label.value if response.label else "assistant", text, answers.get(text))


def _paragraph_start(text: str, floor: int, at: int) -> int:
    """Where the last paragraph before an offset begins, or as many of its last lines as are soon read; never in the
    heading."""
    filled = text[floor:at].rstrip()
    gap = max(filled.rfind("\n\n"), filled.rfind("\r\n\r\n"))
    start = floor + gap + 1 if gap >= 0 else floor
    while at - start > _LONGEST_CONTEXT and (line := text.find("\n", start, floor + len(filled))) >= 0:
        start = line + 1
    return start


def _line_end(text: str, at: int, ceiling: int) -> int:
    end = text.find("\n", at)
    return min(end if end >= 0 else len(text), ceiling)


def _plain(text: str, titles: Mapping[str, str]) -> str:
    """Each line without its markup; a bullet is a bullet."""
    return "\n".join(_plain_line(line, titles) for line in text.strip().splitlines())


def _plain_line(line: str, titles: Mapping[str, str]) -> str:
    bullet = _BULLET.match(line)
    (inline,) = markdown.MARKDOWN.parseInline(line[bullet.end() :] if bullet else line.strip())
    return ("• " if bullet else "") + markdown.plain(inline.children, titles)


def _apart(parts: Sequence[Part]) -> Iterator[Part]:
    """Line breaks at the start of a change go to what stands before it, or its mark would hang there in the air."""
    for kind, text in parts:
        filled = text.lstrip("\n")
        if kind != "same" and filled and filled != text:
            yield "same", text[: len(text) - len(filled)]
            yield kind, filled
        else:
            yield kind, text
