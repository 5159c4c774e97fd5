"""What an edit changes, for people to see: the words inserted and deleted, with the paragraph around them."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from deliberation.spec.text.document import Comparison, Document, Example
from deliberation.spec.text.edits import Edit
from deliberation.spec.text.parsing import parse

Part = tuple[str, str]
"""Kind ("same", "ins" or "del") and text."""

# A word, a run of spaces, or one sign. Chinese has no spaces between words, so each of its signs is a token.
_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+(?:['’][^\W{_HAN}]+)*|\s+|.", re.DOTALL)
_LONGEST_CONTEXT = 600


@dataclass(frozen=True)
class Spoken:
    """A line of an example that was added: who says it, or how it is judged, and what is said."""

    who: str
    text: str


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
    """An edit with the paragraph before it and what follows on its last line."""
    section = document.section(edit.section_id)
    start = _paragraph_start(document.text, section.heading.end, edit.start)
    end = _line_end(document.text, edit.end, section.span.end)
    lead = document.text[start : edit.start].replace("\r\n", "\n")
    if len(lead) > _LONGEST_CONTEXT:
        lead = "…" + lead[-_LONGEST_CONTEXT:].partition(" ")[2]
    changed = redline(edit.old, edit.new.replace("\r\n", "\n"))
    parts = [("same", lead.lstrip("\n")), *changed, ("same", document.text[edit.end : end])]
    return [part for part in parts if part[1]]


def spoken(edit: Edit) -> list[Spoken]:
    """The lines of the example that an edit adds; none where it adds no example."""
    examples = parse(f"# Section\n\n{edit.new}").examples
    return [line for example in examples for line in _lines(example)]


def _lines(example: Example) -> Iterator[Spoken]:
    for turn in example.turns:
        if not isinstance(turn, Comparison):
            yield Spoken(turn.role, turn.content)
            continue
        for response in turn.responses:
            text = "\n".join(message.content for message in response.messages)
            yield Spoken(response.label.value if response.label else "assistant", text)


def _paragraph_start(text: str, floor: int, at: int) -> int:
    """Where the last paragraph before an offset begins, but never in the heading."""
    before = text[floor:at].replace("\r\n", "\r\n")
    filled = before.rstrip()
    gap = max(filled.rfind("\n\n"), filled.rfind("\r\n\r\n"))
    return floor + (gap + 1 if gap >= 0 else 0)


def _line_end(text: str, at: int, ceiling: int) -> int:
    end = text.find("\n", at)
    return min(end if end >= 0 else len(text), ceiling)
