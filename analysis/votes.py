"""Votes: who said what to which statement. Missing stays missing; order never matters; the same votes, one digest."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AGREE, PASS, DISAGREE = 1, 0, -1


class VotesError(ValueError):
    """Votes that cannot be taken as they are."""


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes that stand, one a participant and statement, sorted by participant and then statement.

    participants, statements: ids as text, sorted as text, each with a vote at least.
    rows, columns: which participant and which statement, shape (votes,); values: 1 agree, 0 pass, -1 disagree.
    Made by `from_arrays` alone, which is what sorts and checks.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    rows: IntArray
    columns: IntArray
    values: npt.NDArray[np.int8]

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
        pairs = rows * len(what) + columns
        standing = _last(pairs) if times is None else _latest(pairs, said, _checked_times(times, len(rows)), who, what)
        return cls(
            tuple(who), tuple(what), _frozen(rows[standing]), _frozen(columns[standing]), _frozen(said[standing])
        )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def shape(self) -> tuple[int, int]:
        """Participants, statements."""
        return len(self.participants), len(self.statements)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the votes that stand, the same in whatever order, type of id and day they came.

        Of the two lists of ids as JSON, a line each, then of little-endian 32-bit numbers: how many votes each
        participant cast, and each vote's statement as its place in the list; then a signed byte for each vote.
        """
        state = hashlib.sha256()
        for ids in (self.participants, self.statements):
            state.update(json.dumps(ids, separators=(",", ":")).encode() + b"\n")
        state.update(np.bincount(self.rows, minlength=self.shape[0]).astype("<u4").tobytes())
        state.update(self.columns.astype("<u4").tobytes())
        state.update(self.values.tobytes())
        return state.hexdigest()

    def matrix(self) -> FloatArray:
        """The votes as a table, shape (participants, statements), NaN where there is no vote."""
        table = np.full(self.shape, np.nan)
        table[self.rows, self.columns] = self.values
        return table

    def votes_cast(self) -> IntArray:
        """How many statements each participant voted on, shape (participants,)."""
        return np.bincount(self.rows, minlength=self.shape[0]).astype(np.int64)

    def places(self, statements: Iterable[str]) -> IntArray:
        """The columns of these statements, -1 for one without a vote."""
        column = {each: at for at, each in enumerate(self.statements)}
        return np.array([column.get(each, -1) for each in statements], dtype=np.int64)


def _coded(ids: Iterable[Any], name: str) -> tuple[list[str], IntArray]:
    """The distinct ids as text, sorted as text, and the place of each of `ids` among them."""
    if np.ma.isMaskedArray(ids) and np.ma.getmaskarray(ids).any():
        _refuse_missing(int(np.flatnonzero(np.ma.getmaskarray(ids))[0]), name)
    # A list is kept as objects: numpy would silently write [1, None] or [1.5, "a"] as one type.
    array = _one_dimensional(ids, name, dtype=object if isinstance(ids, Sequence) else None)
    distinct, codes = _distinct_numbers(array) if array.dtype.kind in "iu" else _distinct_objects(array.tolist(), name)
    # Ids sort as text: Polis exports carry "10" and "9", and order must not depend on who wrote them.
    order = sorted(range(len(distinct)), key=distinct.__getitem__)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return [distinct[each] for each in order], place[codes]


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


def _distinct_numbers(array: npt.NDArray[Any]) -> tuple[list[str], IntArray]:
    numbers, codes = np.unique(array, return_inverse=True)
    return [str(each) for each in numbers.tolist()], codes.astype(np.int64)


def _distinct_objects(ids: list[Any], name: str) -> tuple[list[str], IntArray]:
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(_text(each, at, name), len(places)) for at, each in enumerate(ids)), np.int64
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


def _last(pairs: IntArray) -> IntArray:
    """Where the last vote on each pair stands, in the order of the pairs."""
    order = np.argsort(pairs, kind="stable")
    return order[_ends(pairs[order])]


def _latest(
    pairs: IntArray, values: npt.NDArray[np.int8], times: npt.NDArray[Any], who: list[str], what: list[str]
) -> IntArray:
    """Where the latest vote on each pair stands, in the order of the pairs."""
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
