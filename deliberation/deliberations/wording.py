"""What people write for a deliberation, made tidy and checked: no control characters, not too short, not too long."""

import unicodedata
from dataclasses import dataclass

_BREAKS = {"\n", "\t"}
# Marks that turn the direction of all text behind them: with them a statement can be made to read as another one.
_TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
_UNPRINTABLE = {"Cc", "Cs", "Cn", "Co"}


@dataclass(frozen=True)
class Limit:
    """How long a text may be, in characters; `is_line` folds its white space, line breaks too, into single spaces."""

    least: int
    most: int
    is_line: bool = False


TITLE = Limit(3, 200, is_line=True)
DESCRIPTION = Limit(0, 10_000)
PROMPT_TITLE = Limit(1, 200, is_line=True)
MESSAGE = Limit(1, 20_000)
# Read and judged in one go on a phone: one idea, two sentences at the most.
STATEMENT = Limit(3, 400, is_line=True)
KEY = Limit(1, 40, is_line=True)


def tidy(text: str, limit: Limit) -> str:
    """The text without blanks around it and in one form of Unicode. Raises ValueError saying what is wrong with it."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = " ".join(text.split()) if limit.is_line else text.strip()
    for character in text:
        if character not in _BREAKS and (character in _TURNING or unicodedata.category(character) in _UNPRINTABLE):
            raise ValueError(f"the character U+{ord(character):04X} cannot be shown")
    if not limit.least <= len(text) <= limit.most:
        raise ValueError(
            f"{len(text)} characters; {limit.least} to {limit.most} are possible" if text else "is missing"
        )
    return text
