"""Plain text put into Markdown so that it stays plain: shown as it was typed, and unable to change the document."""

import re

_GAP = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_INLINE = re.compile(
    r"""
      [\\`\[\]]                                # escapes, code, links, footnote marks
    | \*(?!(?<=[ ]\*)[ ])                      # emphasis; a lone asterisk between spaces is none
    | (?<![^\W_])_ | _(?![^\W_])               # emphasis; an underscore inside a word is none
    | <(?=[A-Za-z/!?])                         # tags, comments, addresses in angle brackets
    | &(?=\#?\w+;)                             # entities
    | ~(?=~) | (?<=~)~                         # strikethrough, where a host has it
    | \{(?=[\#.:%])                            # attributes, where a host has them
    | (?<=\()\#                                # what a plain search would take for a link to a section
    """,
    re.VERBOSE,
)
_START = re.compile(
    r"""
      (?P<mark>\#{1,6}(?=\s|$) | [-+*](?=\s|$) | >|[-=~+]{3,} | -(?=\s*-) | [!?]{3} | :{3} | \{ | \| )
    | (?P<number>\d{1,9})(?P<after>[.)](?=\s|$))
    """,
    re.VERBOSE,
)


def one_line(text: str) -> str:
    """A text as one line: runs of spaces, line breaks and control characters become a space, none at the ends."""
    return _GAP.sub(" ", text).strip()


def inline(text: str) -> str:
    """Text for the middle of a line: one line, with everything escaped that Markdown would read as markup."""
    return _INLINE.sub(r"\\\g<0>", one_line(text))


def paragraph(text: str) -> str:
    """Text for a paragraph or a bullet of its own: as `inline`, and nothing at its start begins another block."""
    escaped = inline(text)
    start = _START.match(escaped)
    if start is None:
        return escaped
    if start["mark"]:
        return "\\" + escaped
    return f"{start['number']}\\{escaped[start.start('after') :]}"
