"""Ratings of criteria from -10, the sign of a bad response, to +10, that of a good one: each one's signed support."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.intervals import Bounds, Estimate, FloatArray, estimates, wilson
from analysis.linearised import mean_bounds
from analysis.votes import IntArray

MOST = 10


class RatingsError(ValueError):
    """Ratings that cannot be taken as they are."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Who rated which criterion how; one rating a participant and criterion, sorted by participant and then criterion.

    participants, criteria: ids as text, sorted, each with a rating or a skip at least. rows, columns, values: shape
    (ratings,), values from -10 to 10. skips: shape (skips, 2), rows and columns of those asked who gave none.
    """

    participants: tuple[str, ...]
    criteria: tuple[str, ...]
    rows: IntArray
    columns: IntArray
    values: FloatArray
    skips: IntArray

    @classmethod
    def from_arrays(
        cls,
        participants: Iterable[Any],
        criteria: Iterable[Any],
        values: Iterable[Any],
        *,
        skipped: Iterable[tuple[Any, Any]] = (),
    ) -> "Ratings":
        """Ratings from three arrays of one length.

        skipped: pairs of participant and criterion that were asked about and not rated; every other pair without a
        rating was not asked. Raises RatingsError for values outside -10 to 10, missing ids, arrays of different
        lengths, a criterion rated twice by one participant, and one both rated and skipped.
        """
        who, what, said = list(participants), list(criteria), list(values)
        if not len(who) == len(what) == len(said):
            raise RatingsError(
                f"the arrays must be of one length: participants {len(who)}, criteria {len(what)}, values {len(said)}"
            )
        pairs = [(_text(one, "participants"), _text(other, "criteria")) for one, other in zip(who, what, strict=True)]
        left = sorted({(_text(one, "skipped"), _text(other, "skipped")) for one, other in skipped})
        rated = dict(zip(pairs, (_rating(each, at) for at, each in enumerate(said)), strict=True))
        _check_pairs(pairs, rated, left)
        people = sorted({one for one, _ in [*rated, *left]})
        asked = sorted({other for _, other in [*rated, *left]})
        place = ({each: at for at, each in enumerate(people)}, {each: at for at, each in enumerate(asked)})
        order = sorted(rated)
        rows, columns = (
            np.array([own[pair[side]] for pair in order], dtype=np.int64) for side, own in enumerate(place)
        )
        skips = np.array([(place[0][one], place[1][other]) for one, other in left], dtype=np.int64).reshape(-1, 2)
        said_in_order = np.array([rated[pair] for pair in order], dtype=float)
        return cls(tuple(people), tuple(asked), rows, columns, said_in_order, skips)


@dataclass(frozen=True)
class Support:
    """How far a criterion is held to be a good or a bad sign, by those who rated it.

    mean: of the ratings, -10 to 10. favour, against: the shares of ratings above and below 0, with Wilson's intervals.
    skipped: how many were asked and gave none; who is in neither number was not asked.
    """

    criterion: str
    ratings: int
    skipped: int
    mean: Estimate
    favour: Estimate
    against: Estimate


def support(ratings: Ratings, confidence: float) -> tuple[Support, ...]:
    """The signed support of each criterion by everybody, in the order of the criteria.

    The mean's interval is `linearised.mean_bounds` on the scale from -10 to 10: it never leaves the scale, and is not
    of no length where a few say the same.
    """
    everybody = np.ones(len(ratings.participants), dtype=bool)
    return _supported(ratings, everybody, confidence)


def support_by_group(
    ratings: Ratings, assignments: Mapping[str, str | None], confidence: float
) -> dict[str, tuple[Support, ...]]:
    """The same for each group, by its letter. assignments: each participant's letter, or None."""
    own = np.array([assignments.get(each) or "" for each in ratings.participants], dtype=str)
    letters = sorted({letter for letter in assignments.values() if letter})
    return {letter: _supported(ratings, own == letter, confidence) for letter in letters}


def _supported(ratings: Ratings, is_member: Any, confidence: float) -> tuple[Support, ...]:
    counted = is_member[ratings.rows]
    columns, values = ratings.columns[counted], ratings.values[counted]
    number = len(ratings.criteria)

    def summed(figures: Any) -> FloatArray:
        return np.bincount(columns, figures, minlength=number).astype(float)

    people = summed(np.ones(len(columns)))
    skipped = np.bincount(ratings.skips[is_member[ratings.skips[:, 0]], 1], minlength=number)
    share = np.divide(summed((values + MOST) / (2 * MOST)), people, out=np.full(number, 0.5), where=people > 0)
    added = ((values + MOST) / (2 * MOST) - share[columns]) / people[columns]
    low, high = (2 * MOST * end - MOST for end in mean_bounds(share, summed(added**2), people, confidence))
    means = estimates(np.where(people > 0, 2 * MOST * share - MOST, np.nan), Bounds(low, high))
    sides = (
        estimates(
            np.divide(each, people, out=np.full(number, np.nan), where=people > 0), wilson(each, people, confidence)
        )
        for each in (summed(values > 0), summed(values < 0))
    )
    columns_of_row = (ratings.criteria, people.astype(int).tolist(), skipped.tolist(), means, *sides)
    return tuple(Support(*row) for row in zip(*columns_of_row, strict=True))


def _text(each: Any, name: str) -> str:
    if isinstance(each, bool) or not isinstance(each, (str, int, np.integer)) or each == "":
        raise RatingsError(f"{name} holds {each!r}; ids are whole numbers or text")
    return str(each)


def _rating(value: Any, at: int) -> float:
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or abs(value) > MOST:
        raise RatingsError(
            f"values[{at}] is {value!r}; a rating lies between -{MOST} and {MOST}; where there is none, leave it out"
        )
    return float(value)


def _check_pairs(
    pairs: list[tuple[str, str]], rated: Mapping[tuple[str, str], float], left: list[tuple[str, str]]
) -> None:
    if len(rated) < len(pairs):
        seen: set[tuple[str, str]] = set()
        twice = next(pair for pair in pairs if pair in seen or seen.add(pair))  # type: ignore[func-returns-value]  # add is None
        raise RatingsError(f"participant {twice[0]!r} rated criterion {twice[1]!r} twice")
    if both := [pair for pair in left if pair in rated]:
        raise RatingsError(f"participant {both[0][0]!r} both rated and skipped criterion {both[0][1]!r}")
