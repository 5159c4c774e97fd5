"""Letters for opinion groups: A stays A from one run to the next, and at the start the largest group is A."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from string import ascii_uppercase
from typing import Literal

import numpy as np

from analysis.votes import FloatArray, IntArray

Assignments = Mapping[str, str | None]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Opinion groups in the order of their letters. members: each participant's group, -1 where in none."""

    members: IntArray
    letters: tuple[str, ...]

    @property
    def sizes(self) -> IntArray:
        """How many are in each group, shape (groups,)."""
        return np.bincount(self.members[self.members >= 0], minlength=len(self.letters)).astype(np.int64)

    def of_each(self) -> list[str | None]:
        """Each participant's letter, or None."""
        # The last place stands for -1, in no group.
        names: tuple[str | None, ...] = (*self.letters, None)
        return [names[each] for each in self.members.tolist()]


def label(
    groups: IntArray, participants: Sequence[str], contents: IntArray, previous: Assignments | None, overlap: float
) -> Labelled:
    """Give groups their letters.

    groups: shape (participants,), -1 where in none. contents: shape (groups, anything), what tells groups of one size
    apart, so that no order of rows decides. previous: each participant's letter in the run before. A group keeps the
    letter of the group with which it shares the most members, from an overlap (Jaccard index) of that much on; every
    other gets the first letter that neither run uses, larger groups first.
    """
    ranked = _by_size(groups, contents)
    kept = _kept_letters(groups, ranked, participants, previous, overlap) if previous else {}
    taken = set(kept.values()) | {letter for letter in (previous or {}).values() if letter}
    fresh = (letter for letter in _letters() if letter not in taken)
    letters = {group: kept.get(group) or next(fresh) for group in ranked}
    order = sorted(ranked, key=lambda group: (len(letters[group]), letters[group]))
    # The last place stands for -1, in no group.
    places = np.full(len(ranked) + 1, -1, dtype=np.int64)
    places[order] = np.arange(len(order))
    return Labelled(places[groups], tuple(letters[group] for group in order))


@dataclass(frozen=True)
class GroupChange:
    """What became of a group between two runs.

    kind: "continued" under its letter; "appeared", with the letters of those from whom at least half of its members
    came, where there are any (it split off); "vanished", with the letters to which at least half of its members went
    (it merged). before, now: how many of those who took part in both runs are in it. stayed: how many of them in both.
    """

    letter: str
    kind: Literal["continued", "appeared", "vanished"]
    other: str | None
    before: int
    now: int
    stayed: int


def changes(previous: Assignments, now: Assignments) -> tuple[GroupChange, ...]:
    """What became of each group since the run before, in the order of letters.

    previous, now: each participant's letter or None. Who took part in only one of the runs says nothing of a change.
    """
    both = [(previous[each], now[each]) for each in sorted(previous.keys() & now.keys())]
    old, new = Counter(before for before, _ in both), Counter(after for _, after in both)
    moves = Counter(both)
    known = {letter for letter in (*previous.values(), *now.values()) if letter}
    return tuple(
        _change(letter, previous, now, old=old, new=new, moves=moves)
        for letter in sorted(known, key=lambda letter: (len(letter), letter))
    )


def _change(
    letter: str,
    previous: Assignments,
    now: Assignments,
    *,
    old: Counter[str | None],
    new: Counter[str | None],
    moves: Counter[tuple[str | None, str | None]],
) -> GroupChange:
    was, remains = letter in previous.values(), letter in now.values()
    kind: Literal["continued", "appeared", "vanished"]
    if was and remains:
        kind, other = "continued", None
    elif remains:
        kind, other = "appeared", _at_least_half({one: moves[one, letter] for one in old}, new[letter])
    else:
        kind, other = "vanished", _at_least_half({one: moves[letter, one] for one in new}, old[letter])
    return GroupChange(letter, kind, other, old[letter], new[letter], moves[letter, letter])


def _at_least_half(people: Mapping[str | None, int], of: int) -> str | None:
    most = max(sorted(letter for letter in people if letter), key=lambda letter: people[letter], default=None)
    return most if most and 2 * people[most] >= of > 0 else None


def given(groups: Mapping[str, object], participants: Sequence[str]) -> Labelled:
    """Groups that somebody else made.

    groups: each participant's group as its source names it; who is missing is in none. Whole numbers become letters
    (0 is A), as Polis shows them; other names stay.
    """
    named = {str(each): _lettered(str(group)) for each, group in groups.items() if group not in (None, "")}
    letters = tuple(sorted({named[each] for each in participants if each in named}, key=lambda name: (len(name), name)))
    place = {letter: at for at, letter in enumerate(letters)}
    codes = (place[named[each]] if each in named else -1 for each in participants)
    return Labelled(np.fromiter(codes, dtype=np.int64, count=len(participants)), letters)


def _lettered(name: str) -> str:
    return next(islice(_letters(), int(name), None)) if name.isdecimal() and len(name) <= 4 else name


def _by_size(groups: IntArray, contents: IntArray) -> list[int]:
    sizes = np.bincount(groups[groups >= 0], minlength=len(contents))
    return sorted(range(len(contents)), key=lambda group: (-int(sizes[group]), contents[group].tolist()))


def _kept_letters(
    groups: IntArray, ranked: Sequence[int], participants: Sequence[str], previous: Assignments, overlap: float
) -> dict[int, str]:
    from scipy.optimize import linear_sum_assignment

    letters = sorted({letter for letter in previous.values() if letter})
    overlaps = _overlaps(groups, ranked, [previous.get(each, "") for each in participants], letters)
    pairs = zip(*linear_sum_assignment(overlaps, maximize=True), strict=True)
    return {ranked[row]: letters[column] for row, column in pairs if overlaps[row, column] >= overlap}


def _overlaps(
    groups: IntArray, ranked: Sequence[int], before: Sequence[str | None], letters: Sequence[str]
) -> FloatArray:
    """Jaccard index of each group with each earlier one, among those who took part in both runs ("" if not)."""
    place = {letter: at for at, letter in enumerate(letters)}
    known = np.array([letter != "" for letter in before], dtype=bool)
    old = np.array([place.get(letter or "", -1) for letter in before], dtype=np.int64)
    new = groups == np.asarray(ranked, dtype=np.int64).reshape(-1, 1)
    earlier = old == np.arange(len(letters)).reshape(-1, 1)
    shared = (new & known).astype(np.int64) @ earlier.T.astype(np.int64)
    either = (new & known).sum(axis=1)[:, None] + earlier.sum(axis=1)[None, :] - shared
    overlaps: FloatArray = shared / np.maximum(either, 1)
    return overlaps


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB and on."""
    for length in count(1):
        yield from ("".join(letters) for letters in product(ascii_uppercase, repeat=length))
