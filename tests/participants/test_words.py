"""Six words: easily read, hard to guess, however they are typed."""

import math
from itertools import combinations

import pytest

from deliberation.participants.words import NUMBER, hash_words, make_words, tidy, word_list


def test_six_words_are_beyond_sixty_bits() -> None:
    assert NUMBER * math.log2(len(word_list())) > 60
    assert len(set(word_list())) == len(word_list())


def test_words_are_short_and_of_plain_letters() -> None:
    assert all(3 <= len(word) <= 8 and word.isascii() and word.isalpha() and word.islower() for word in word_list())


def test_one_slip_of_the_finger_makes_no_other_word() -> None:
    confused = [pair for pair in combinations(word_list(), 2) if _is_one_slip(*pair)]

    assert confused == []


def test_words_are_drawn_anew_each_time() -> None:
    drawn = {make_words() for _ in range(200)}

    assert len(drawn) == 200
    assert all(len(words.split()) == NUMBER for words in drawn)


@pytest.mark.parametrize(
    "typed",
    [
        "acorn badge cabin daisy eagle fabric",
        " Acorn  BADGE cabin\tdaisy eagle\nfabric ",
        "acorn-badge-cabin-daisy-eagle-fabric",
        "acorn, badge, cabin, daisy, eagle, fabric.",
        "ａｃｏｒｎ badge cabin daisy eagle fabric",
    ],
)
def test_words_are_the_same_however_they_are_typed(typed: str) -> None:
    assert tidy(typed) == "acorn badge cabin daisy eagle fabric"


def test_what_is_stored_is_neither_the_words_nor_the_same_in_another_deliberation() -> None:
    words = make_words()

    stored = {hash_words(words, deliberation) for deliberation in (1, 2)}

    assert len(stored) == 2
    assert all(word not in each for each in stored for word in words.split())


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter too many, missing, wrong or exchanged with its neighbour makes one of the other."""
    if len(one) == len(other):
        wrong = [at for at, (here, there) in enumerate(zip(one, other, strict=True)) if here != there]
        swapped = len(wrong) == 2 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
        return len(wrong) == 1 or (swapped and wrong[1] - wrong[0] == 1)
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )
