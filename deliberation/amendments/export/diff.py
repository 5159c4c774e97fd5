"""The difference of two texts as git writes it. The library's own unified diff loses a missing newline at the end."""

import difflib
import hashlib
from collections.abc import Iterator

CONTEXT = 3
NO_NEWLINE = "\n\\ No newline at end of file\n"

Opcode = tuple[str, int, int, int, int]


def diff(before: str, after: str, name: str) -> str:
    """A git patch of one file, with the ids of both contents so that `git am -3` can find the older one.

    Line breaks other than "\\n" are part of their line, as git sees them. Raises ValueError where nothing changed.
    """
    if before == after:
        raise ValueError("a patch needs a change")
    head = (
        f"diff --git a/{name} b/{name}\nindex {_blob(before)}..{_blob(after)} 100644\n--- a/{name}\n+++ b/{name}\n",
    )
    return "".join((*head, *_hunks(_lines(before), _lines(after))))


def _blob(text: str) -> str:
    """The id that git gives to a file with this content."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _lines(text: str) -> list[str]:
    """Lines with their "\\n"; the last may have none."""
    lines = text.split("\n")
    ended = [line + "\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    # Only the neighbourhood of the change is compared: a spec has thousands of equal lines around it.
    first, last = _common(old, new), _common(old[::-1], new[::-1])
    last = min(last, min(len(old), len(new)) - first)
    skipped = max(first - CONTEXT, 0)
    old_end, new_end = len(old) - last, len(new) - last
    # Lines around the change are told by their place: by their words a change that repeats them would match itself.
    before, after = range(skipped, first), range(old_end, old_end + min(last, CONTEXT))
    matcher = difflib.SequenceMatcher(
        None, [*before, *old[first:old_end], *after], [*before, *new[first:new_end], *after], autojunk=False
    )
    old, new = old[skipped : after.stop], new[skipped : new_end + len(after)]
    for group in matcher.get_grouped_opcodes(CONTEXT):
        yield _hunk_head(group, skipped)
        for opcode in group:
            yield from _signed(opcode, old, new)


def _common(one: list[str], other: list[str]) -> int:
    """How many lines are equal from the start."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _hunk_head(group: list[Opcode], skipped: int) -> str:
    old_start, old_end, new_start, new_end = group[0][1], group[-1][2], group[0][3], group[-1][4]
    return f"@@ -{_range(old_start, old_end, skipped)} +{_range(new_start, new_end, skipped)} @@\n"


def _range(start: int, end: int, skipped: int) -> str:
    # An empty range is named by the line before it.
    return f"{start + skipped + (1 if end > start else 0)},{end - start}"


def _signed(opcode: Opcode, old: list[str], new: list[str]) -> Iterator[str]:
    tag, old_start, old_end, new_start, new_end = opcode
    if tag == "equal":
        yield from (_line(" ", line) for line in old[old_start:old_end])
        return
    yield from (_line("-", line) for line in old[old_start:old_end])
    yield from (_line("+", line) for line in new[new_start:new_end])


def _line(sign: str, line: str) -> str:
    return sign + (line if line.endswith("\n") else line + NO_NEWLINE)
