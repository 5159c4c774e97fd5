"""Why somebody voted as they did: a short text of their own; the latest stands."""

import unicodedata

from deliberation.errors import DeliberationError

LIMIT = 280  # characters


class ReasonTooLong(DeliberationError):  # noqa: N818 - what the participant is told
    """A reason beyond the limit. Nothing is cut off in silence."""

    def __init__(self, length: int):
        super().__init__(f"a reason has at most {LIMIT} characters; this one has {length}")
        self.length = length


def clean(text: str) -> str:
    """The reason as it is kept: one kind of line break, no control characters, no blank ends.

    Browsers send a line break as two characters but count it as one, and so do we. Raises ReasonTooLong.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # PostgreSQL refuses NUL, and terminals and patches must not be steered by what somebody typed.
    kept = "".join(letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    reason = kept.strip()
    if len(reason) > LIMIT:
        raise ReasonTooLong(len(reason))
    return reason
