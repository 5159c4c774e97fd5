"""Six words that people read from one screen and type into another."""

import hashlib
import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

NUMBER = 6  # of a list of more than 1,024: beyond 60 bits


def make_words() -> str:
    """Six words drawn at random, with spaces between them."""
    return " ".join(secrets.choice(word_list()) for _ in range(NUMBER))


def tidy(typed: str) -> str:
    """The words as they were made, however they were typed or joined."""
    return " ".join(re.findall(r"[a-z]+", unicodedata.normalize("NFKC", typed).lower()))


def hash_words(words: str, deliberation_id: int) -> str:
    """What is stored of words that lead into one deliberation."""
    return hashlib.sha256(f"{words}:{deliberation_id}".encode()).hexdigest()


@cache
def word_list() -> tuple[str, ...]:
    """The list: words of three to eight letters, any two of which differ by more than one slip of a finger."""
    return tuple(Path(__file__).with_name("words.txt").read_text(encoding="ascii").split())
