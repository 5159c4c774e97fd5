"""Votes: who said what to which statement. Missing stays missing; order never matters; the same votes, one digest."""

import hashlib
import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from analysis import kernels

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

# Whole numbers as ids are found by a table from the smallest to the largest where that has at most so many places.
_LARGEST_TABLE = 1 << 26

AGREE, PASS, DISAGREE = 1, 0, -1


class VotesError(ValueError):
    """Votes that cannot be taken as they are."""


class Encoded(NamedTuple):
    """A column of ids as Parquet keeps it: ids as text, whichever occur, and the place of each entry among them."""

    ids: list[str]
    codes: npt.NDArray[Any]

    @classmethod
    def of(cls, ids: Iterable[Any], name: str) -> "Encoded":
        """A column of whole numbers or text. Raises VotesError for a missing id and for what is none."""
        return cls(*_coded(ids, name))


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes that stand, one a participant and statement, sorted by participant and then statement.

    participants, statements: ids as text, sorted as text, each with a vote at least. starts: where each participant's
    votes begin, and the end of the last one's, shape (participants + 1,). columns: which statement, shape (votes,);
    values: 1 agree, 0 pass, -1 disagree. A vote takes five bytes. known_pairs: what `pair_sums` gives, where it is
    kept for `moments.update`. Made by `from_arrays` and `plus`, which are what sorts and checks.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: IntArray
    columns: Codes
    values: npt.NDArray[np.int8]
    known_pairs: kernels.PairSums | None = None

    @classmethod
    def from_arrays(
        cls, participants: Iterable[Any], statements: Iterable[Any], values: Iterable[Any], *, times: Any = None
    ) -> "Votes":
        """Votes from three arrays of one length: ids as whole numbers or text (7 and "7" are one id), values 1, 0, -1.

        Of several votes by one participant on one statement the last in the arrays stands or, with `times` (numbers or
        dates), the latest. Raises VotesError for other values, missing ids, arrays of different lengths, and where the
        latest votes on one statement have the same time and different values.
        """
        who, rows = _coded(participants, "participants")
        what, columns = _coded(statements, "statements")
        said = _checked_values(values)
        _check_lengths(participants=len(rows), statements=len(columns), values=len(said))
        if times is not None:
            standing = _latest(rows, columns, said, _checked_times(times, len(rows)), (who, what))
            rows, columns, said = rows[standing], columns[standing], said[standing]
        starts, columns, said = kernels.by_row(rows, columns, said, (len(who), len(what)))
        return cls(tuple(who), tuple(what), _frozen(starts), _frozen(columns), _frozen(said))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def shape(self) -> tuple[int, int]:
        """Participants, statements."""
        return len(self.participants), len(self.statements)

    @cached_property
    def rows(self) -> IntArray:
        """Which participant cast each vote, shape (votes,). Takes eight bytes a vote from the first use on."""
        return _frozen(np.repeat(np.arange(self.shape[0]), self.votes_cast()))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the votes that stand, the same in whatever order, type of id and day they came.

        Of the two lists of ids as JSON, a line each, then of little-endian 32-bit numbers: how many votes each
        participant cast, and each vote's statement as its place in the list; then a signed byte for each vote.
        """
        state = hashlib.sha256()
        for ids in (self.participants, self.statements):
            state.update(json.dumps(ids, separators=(",", ":")).encode() + b"\n")
        state.update(self.votes_cast().astype("<u4").data)
        for piece in self._pieces("columns"):
            state.update(np.ascontiguousarray(piece, dtype="<i4").data)
        for piece in self._pieces("values"):
            state.update(np.ascontiguousarray(piece).data)
        return state.hexdigest()

    def _pieces(self, name: Literal["columns", "values"]) -> Iterator[npt.NDArray[Any]]:
        """All columns or values in their order, in pieces that need not lie in one place."""
        yield self.columns if name == "columns" else self.values

    def plus(self, newer: "Votes") -> "Votes":
        """These votes and newer ones, which take the place of earlier votes on the same statement.

        The same as `from_arrays` would make of all of them, without sorting what is sorted.
        """
        who, old_rows = _united(self.participants, newer.participants)
        what, old_columns = _united(self.statements, newer.statements)
        rows = _places(newer.participants, who)[newer.rows]
        columns = _places(newer.statements, what)[newer.columns]
        own = self.columns if len(what) == len(self.statements) else old_columns[self.columns]
        counts = np.zeros(len(who), dtype=np.int64)
        counts[old_rows] = self.votes_cast()
        starts = np.append(0, counts.cumsum())

        bounds = zip(starts[rows].tolist(), starts[rows + 1].tolist(), columns.tolist(), strict=True)
        found = (low + int(np.searchsorted(own[low:high], column)) for low, high, column in bounds)
        at = np.fromiter(found, np.int64, count=len(rows))
        is_change = at < starts[rows + 1]
        is_change[is_change] = own[at[is_change]] == columns[is_change]
        fresh = ~is_change
        said = _inserted(self.values, at[fresh], newer.values[fresh])
        # A changed vote lies as many places further on as votes were inserted before it.
        said[at[is_change] + fresh.cumsum()[is_change]] = newer.values[is_change]
        added = np.append(0, np.bincount(rows[fresh], minlength=len(who)).cumsum())
        own = _inserted(own, at[fresh], columns[fresh])
        return Votes(who, what, _frozen(starts + added), _frozen(own), _frozen(said))

    def rows_of(self, participants: Iterable[str]) -> IntArray:
        """The places of those of these participants who voted, in rising order."""
        ids = tuple(sorted(set(participants)))
        found = zip(_insertion_places(self.participants, ids), ids, strict=True)
        places = [at for at, each in found if at < self.shape[0] and self.participants[at] == each]
        return np.array(places, dtype=np.int64)

    def of(self, rows: IntArray) -> "Votes":
        """The votes of these participants alone, given by their places in rising order; statements stay as they are."""
        cast = self.votes_cast()[rows]
        starts = np.append(0, cast.cumsum())
        places = np.repeat(self.starts[rows] - starts[:-1], cast) + np.arange(starts[-1])
        who = tuple(self.participants[each] for each in rows.tolist())
        return Votes(who, self.statements, starts, self.columns[places], self.values[places])

    def pair_sums(self) -> kernels.PairSums:
        """What any two statements have in common, over all participants."""
        return self.known_pairs or kernels.pair_sums(self.starts, self.columns, self.values, self.shape[1])

    def weighted_sums(self, weights: FloatArray) -> FloatArray:
        """For each participant the sum of what their votes are worth, shape (participants, 2).

        weights: shape (3, statements, 2), of a disagreement, a pass, and an agreement with each statement.
        """
        return kernels.weighted_sums(self.starts, self.columns, self.values, weights)

    def choices(self, groups: IntArray, number: int) -> IntArray:
        """How many of each group disagree, pass and agree on each statement, shape (number, statements, 3).

        groups: shape (participants,), 0 to number - 1, or -1 for participants in no group, whose votes are not counted.
        """
        return kernels.choices(self.starts, self.columns, self.values, groups, (number, self.shape[1]))

    def among(self, statements: tuple[str, ...]) -> "Votes":
        """The same votes with columns for all these statements, sorted, even those without a vote."""
        columns = _places(self.statements, statements)[self.columns]
        return Votes(self.participants, statements, self.starts, _frozen(columns), self.values)

    def matrix(self) -> FloatArray:
        """The votes as a table, shape (participants, statements), NaN where there is no vote."""
        table = np.full(self.shape, np.nan)
        table[self.rows, self.columns] = self.values
        return table

    def votes_cast(self) -> IntArray:
        """How many statements each participant voted on, shape (participants,)."""
        return np.diff(self.starts)

    def places(self, statements: Iterable[str]) -> IntArray:
        """The columns of these statements, -1 for one without a vote."""
        column = {each: at for at, each in enumerate(self.statements)}
        return np.array([column.get(each, -1) for each in statements], dtype=np.int64)


def _inserted(array: npt.NDArray[Any], at: IntArray, more: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array with each of `more` before the place it is to have, in rising order."""
    whole = np.empty(len(array) + len(more), dtype=array.dtype)
    whole[at + np.arange(len(at))] = more
    low = 0
    for moved, high in enumerate([*at.tolist(), len(array)]):
        whole[low + moved : high + moved] = array[low:high]
        low = high
    return whole


def _united(own: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[str, ...], Codes]:
    """All ids, sorted, and the place of each of one's own among them."""
    found = zip(_insertion_places(own, others), others, strict=True)
    missing = [(at, each) for at, each in found if at == len(own) or own[at] != each]
    if not missing:
        return own, np.arange(len(own), dtype=np.int32)
    united: list[str] = []
    before = 0
    for at, each in missing:
        united += (*own[before:at], each)
        before = at
    shift = np.bincount([at for at, _ in missing], minlength=len(own) + 1).cumsum()[: len(own)]
    return (*united, *own[before:]), (np.arange(len(own)) + shift).astype(np.int32)


def _places(ids: tuple[str, ...], all_ids: tuple[str, ...]) -> Codes:
    """The place of each id among all of them, sorted, where it is for certain."""
    return np.array(list(_insertion_places(all_ids, ids)), dtype=np.int32)


def _insertion_places(sorted_ids: tuple[str, ...], ids: tuple[str, ...]) -> Iterator[int]:
    return (bisect_left(sorted_ids, each) for each in ids)


def _coded(ids: Iterable[Any], name: str) -> tuple[list[str], Codes]:
    """The distinct ids as text, sorted as text, and the place of each of `ids` among them."""
    if isinstance(ids, Encoded):
        return _recoded(ids)
    if np.ma.isMaskedArray(ids) and np.ma.getmaskarray(ids).any():
        _refuse_missing(int(np.flatnonzero(np.ma.getmaskarray(ids))[0]), name)
    # A list is kept as objects: numpy would silently write [1, None] or [1.5, "a"] as one type.
    array = _one_dimensional(ids, name, dtype=object if isinstance(ids, Sequence) else None)
    if array.dtype.kind in "iu" and len(array):
        return _coded_numbers(array)
    distinct, codes = _distinct_objects(array.tolist(), name)
    order, places = _sorted_as_text(distinct)
    return [distinct[each] for each in order], places[codes]


def _recoded(column: Encoded) -> tuple[list[str], Codes]:
    used = np.flatnonzero(np.bincount(column.codes, minlength=len(column.ids))).tolist()
    distinct, places = _distinct_objects([column.ids[each] for each in used], "ids")
    order, ranks = _sorted_as_text(distinct)
    table = np.zeros(len(column.ids), dtype=np.int32)
    table[used] = ranks[places]
    return [distinct[each] for each in order], table[column.codes]


def _coded_numbers(array: npt.NDArray[Any]) -> tuple[list[str], Codes]:
    least, most = int(array.min()), int(array.max())
    if most - least >= _LARGEST_TABLE:
        numbers, codes = np.unique(array, return_inverse=True)
        distinct = [str(each) for each in numbers.tolist()]
        order, places = _sorted_as_text(distinct)
        return [distinct[each] for each in order], places[codes]
    # A table with a place for each number in between: no sorting of all votes.
    offsets = array if least == 0 else array - array.dtype.type(least)
    is_there = np.zeros(most - least + 1, dtype=bool)
    is_there[offsets] = True
    numbers = np.flatnonzero(is_there)
    distinct = [str(each + least) for each in numbers.tolist()]
    order, places = _sorted_as_text(distinct)
    table = np.zeros(len(is_there), dtype=np.int32)
    table[numbers] = places
    return [distinct[each] for each in order], table[offsets]


def _sorted_as_text(distinct: list[str]) -> tuple[list[int], Codes]:
    """The order of ids, and the place of each in it.

    Ids sort as text: Polis exports carry "10" and "9", and order must not depend on who wrote them.
    """
    order = sorted(range(len(distinct)), key=distinct.__getitem__)
    places = np.empty(len(order), dtype=np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    return order, places


def _one_dimensional(values: Iterable[Any], name: str, dtype: Any = None) -> npt.NDArray[Any]:
    if not isinstance(values, Sequence) and not hasattr(values, "__array__"):
        values = list(values)
    try:
        array = np.asarray(values, dtype=dtype)
    except ValueError as error:
        raise VotesError(f"{name} must be one-dimensional: {error}") from None
    if array.ndim != 1:
        raise VotesError(f"{name} must be one-dimensional, not of shape {array.shape}")
    return array


def _distinct_objects(ids: list[Any], name: str) -> tuple[list[str], Codes]:
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(_text(each, at, name), len(places)) for at, each in enumerate(ids)), np.int32
    )
    try:
        "".join(places).encode()
    except UnicodeEncodeError:
        raise VotesError(f"{name} holds an id that is no valid text: half a surrogate pair") from None
    return list(places), codes


def _text(each: Any, at: int, name: str) -> str:
    # bool is a kind of int, and is no id.
    if isinstance(each, (str, int, np.integer)) and not isinstance(each, bool):
        return str(each) or _refuse_missing(at, name)
    # pandas is not known here, but its words for missing come in with its columns.
    if each is None or type(each).__name__ in ("NAType", "NaTType") or (isinstance(each, float) and math.isnan(each)):
        _refuse_missing(at, name)
    raise VotesError(f"{name}[{at}] is {each!r}; ids are whole numbers or text")


def _refuse_missing(at: int, name: str) -> NoReturn:
    raise VotesError(f"{name}[{at}] is missing; every vote needs its participant and its statement")


def _checked_values(values: Iterable[Any]) -> npt.NDArray[np.int8]:
    if np.ma.isMaskedArray(values):
        values = np.ma.filled(np.ma.asarray(values).astype(float), np.nan)
    # Of one list numpy would make one type: [1, "1"] would all be text, and [1, True] all numbers.
    mixed = isinstance(values, Sequence) and not set(map(type, values)) <= {int, float}
    array = _one_dimensional(values, "values", dtype=object if mixed else None)
    if not len(array):
        return np.zeros(0, dtype=np.int8)
    if array.dtype.kind in "iu" and int(array.min()) >= DISAGREE and int(array.max()) <= AGREE:
        return array.astype(np.int8)
    valid = np.isin(array, (AGREE, PASS, DISAGREE)) if array.dtype.kind in "iuf" else _are_votes(array)
    if not valid.all():
        at = int(np.flatnonzero(~valid)[0])
        hint = "1 (agree), 0 (pass) or -1 (disagree); where there is no vote, leave the entry out"
        raise VotesError(f"values[{at}] is {array.tolist()[at]!r}; a vote is {hint}")
    return array.astype(np.int8)


def _are_votes(array: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    numbers = (int, float, np.integer, np.floating)
    each_is = (
        isinstance(each, numbers) and not isinstance(each, bool) and each in (AGREE, PASS, DISAGREE)
        for each in array.tolist()
    )
    return np.fromiter(each_is, dtype=bool, count=len(array))


def _checked_times(times: Any, length: int) -> npt.NDArray[Any]:
    array = _one_dimensional(times, "times")
    _check_lengths(participants=length, times=len(array))
    if array.dtype.kind == "O":
        array = np.array([_seconds(each, at) for at, each in enumerate(array.tolist())])
    elif array.dtype.kind not in "iufM":
        raise VotesError("times must be numbers or dates, not text")
    missing = np.isnat(array) if array.dtype.kind == "M" else np.isnan(array.astype(float))
    if missing.any():
        raise VotesError(f"times[{int(np.flatnonzero(missing)[0])}] is missing")
    return array


def _seconds(moment: object, at: int) -> int | float:
    if isinstance(moment, datetime):
        # A date without a zone is taken as UTC, so that no clock is put back in between.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(moment, (int, float)) and not isinstance(moment, bool):
        return moment
    raise VotesError(f"times[{at}] is {moment!r}; times are numbers or dates")


def _check_lengths(**lengths: int) -> None:
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise VotesError(f"the arrays must be of one length: {told}")


def _latest(
    rows: Codes,
    columns: Codes,
    values: npt.NDArray[np.int8],
    times: npt.NDArray[Any],
    ids: tuple[list[str], list[str]],
) -> IntArray:
    """Where the latest vote on each pair stands, in the order of the pairs; ids are those of rows and columns."""
    who, what = ids
    pairs = rows * np.int64(len(what)) + columns
    order = np.lexsort((times, pairs))
    ends = _ends(pairs[order])
    standing = order[ends]
    # Each vote beside the one that stands for its pair: the same moment and another value leaves the choice open.
    stands = np.repeat(standing, np.diff(np.flatnonzero(ends), prepend=-1))
    open_choice = (times[order] == times[stands]) & (values[order] != values[stands])
    if open_choice.any():
        pair = int(pairs[order][open_choice][0])
        participant, statement = who[pair // len(what)], what[pair % len(what)]
        raise VotesError(
            f"participant {participant!r} has different votes on statement {statement!r} at the same time; "
            "give each vote a time of its own, or leave out all but one"
        )
    return standing


def _ends(sorted_pairs: IntArray) -> npt.NDArray[np.bool_]:
    return np.append(sorted_pairs[1:] != sorted_pairs[:-1], True) if len(sorted_pairs) else np.zeros(0, dtype=bool)


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.flags.writeable = False
    return array
