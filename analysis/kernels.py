"""The loops over all votes that everything else rests on, as machine code where numba is installed.

Without numba (the extra `fast`), and where votes are so few that loading it would take longer than it saves, NumPy does
the same, and to the last digit: whole numbers add up to the same in any order, and others are added in the order of the
votes. Votes come as `Votes` holds them: `starts` (participants + 1,), `columns` and `values` (votes,).
"""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Values = npt.NDArray[np.int8]

# From so many votes on machine code is worth the half second that loading numba takes.
VOTES_WORTH_COMPILING = 300_000
# NumPy works on so many cells or votes at a time, so that what it needs beside the votes stays small.
_AT_ONCE = 4_000_000
# So many votes are worth a thread with sums of its own.
_WORTH_A_THREAD = 500_000


class PairSums(NamedTuple):
    """Sums over the participants who voted on both of two statements, three arrays of shape (statements, statements).

    together: how many there are; product: the sum of their two votes' products; first: the sum of their votes on the
    first of the two, the row.
    """

    together: Codes
    product: Codes
    first: Codes


def threads() -> int:
    """On how many threads the loops run: the processors we may use, or as many as OMP_NUM_THREADS says."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(allowed, int(told))) if told.isdecimal() else allowed


def machine_code(votes: int) -> ModuleType | None:
    """The compiled loops, or None where NumPy does it."""
    is_loaded = "analysis.compiled" in sys.modules
    return _compiled() if votes and (is_loaded or votes >= VOTES_WORTH_COMPILING) else None


def one_thread() -> AbstractContextManager[Any]:
    """For what scikit-learn and SciPy compute in floating point: several threads add up in the order in which they
    finish, and the last digits would differ by luck."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return limited


@cache
def _libraries() -> Any:
    # Looked for once, which takes milliseconds, and after all of them are loaded.
    import scipy.linalg  # noqa: F401
    import sklearn.cluster  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def _compiled() -> ModuleType | None:
    if importlib.util.find_spec("numba") is None:
        return None
    from analysis import compiled

    return compiled


def pair_sums(starts: IntArray, columns: Codes, values: Values, statements: int) -> PairSums:
    """What any two statements have in common, exactly. Time grows with the sum of squared votes of participants."""
    code = machine_code(len(values))
    if code is None:
        return _pair_sums_dense(starts, columns, values, statements)
    uncoded = columns.view(np.uint32)

    def work(first: int, last: int) -> Codes:
        sums = np.zeros((4, statements, statements), dtype=np.int32)
        code.pair_sums(starts, uncoded, values, first, last, sums)
        return sums

    # Of few votes the sums of each thread would take longer to add up than to make.
    number = min(threads(), 1 + len(values) // _WORTH_A_THREAD)
    together, product, ones, others = sum(_in_parallel(work, list(_blocks(starts, number))))
    return PairSums(_mirrored(together), _mirrored(product), ones + np.triu(others, 1).T)


def weighted_sums(starts: IntArray, columns: Codes, values: Values, weights: FloatArray) -> FloatArray:
    """For each participant the sum over their votes of what a vote is worth, shape (participants, 2).

    weights: shape (3, statements, 2), of a disagreement, a pass, and an agreement with each statement. Added up in the
    order of the statements, one after the other.
    """
    flat = np.ascontiguousarray(weights.reshape(-1, 2))
    sums = np.zeros((len(starts) - 1, 2))
    code = machine_code(len(values))
    if code is not None:
        uncoded = columns.view(np.uint32)
        _in_parallel(
            lambda first, last: code.weighted_sums(starts, uncoded, values, first, last, flat, sums),
            list(_blocks(starts, threads())),
        )
        return sums
    for first, last in _blocks(starts, 1 + len(values) // _AT_ONCE):
        some = slice(starts[first], starts[last])
        rows = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        places = (values[some] + np.int64(1)) * weights.shape[1] + columns[some]
        for along in (0, 1):
            sums[first:last, along] = np.bincount(rows, weights=flat[places, along], minlength=last - first)
    return sums


def choices(starts: IntArray, columns: Codes, values: Values, groups: IntArray, shape: tuple[int, int]) -> IntArray:
    """How many of each group disagree, pass and agree on each statement, shape (groups, statements, 3).

    groups: shape (participants,), each one's group, -1 for those in none, whose votes are not counted. shape: how many
    groups and statements there are.
    """
    number, statements = shape
    code = machine_code(len(values))
    if code is not None:
        uncoded = columns.view(np.uint32)

        def work(first: int, last: int) -> IntArray:
            counts = np.zeros((number + 1, statements, 3), dtype=np.int64)
            code.choices(starts, uncoded, values, first, last, groups, counts)
            return counts

        whole: IntArray = sum(_in_parallel(work, list(_blocks(starts, threads()))))
        return whole[1:]
    cells = (number + 1) * statements * 3
    counts = np.zeros(cells, dtype=np.int64)
    for first, last in _blocks(starts, 1 + len(values) // _AT_ONCE):
        some = slice(starts[first], starts[last])
        group = np.repeat(groups[first:last] + 1, np.diff(starts[first : last + 1]))
        counts += np.bincount((group * statements + columns[some]) * 3 + values[some] + 1, minlength=cells)
    return counts.reshape(number + 1, statements, 3)[1:]


def by_row(rows: Codes, columns: Codes, values: Values, shape: tuple[int, int]) -> tuple[IntArray, Codes, Values]:
    """Votes sorted by participant and statement, the last of several on one statement: starts, columns, values."""
    code = machine_code(len(values))
    if code is None:
        return _by_row_sorted(rows, columns, values, shape)
    if code.is_sorted(rows, columns):
        return code.ends_of(rows, shape[0]), columns, values
    # Two passes of a radix sort, each of which leaves what is equal in its order: by statement, then by participant.
    by_column, said = code.moved(columns, shape[1], rows, values)
    of_column = np.repeat(np.arange(shape[1], dtype=np.int32), np.diff(code.ends_of(columns, shape[1])))
    starts = code.ends_of(rows, shape[0])
    columns, values = code.moved(by_column, shape[0], of_column, said)
    kept = code.last_of_each(starts, columns, values)
    return (starts, columns, values) if kept == len(values) else (starts, columns[:kept].copy(), values[:kept].copy())


def _by_row_sorted(
    rows: Codes, columns: Codes, values: Values, shape: tuple[int, int]
) -> tuple[IntArray, Codes, Values]:
    pairs = rows * np.int64(shape[1]) + columns
    if not (pairs[1:] > pairs[:-1]).all():
        order = _order(rows, columns, pairs, shape)
        standing = order[np.append(pairs[order][1:] != pairs[order][:-1], True)]
        rows, columns, values = rows[standing], columns[standing], values[standing]
    return np.append(0, np.bincount(rows, minlength=shape[0]).cumsum()).astype(np.int64), columns, values


def _order(rows: Codes, columns: Codes, pairs: IntArray, shape: tuple[int, int]) -> IntArray:
    """The places of votes sorted by participant and statement, equal ones in the order they stand in."""
    if max(shape) > 1 << 16:
        return np.argsort(pairs, kind="stable")
    # NumPy sorts numbers of 16 bits by their digits, in a fraction of the time.
    by_column = np.argsort(columns.astype(np.uint16), kind="stable")
    return by_column[np.argsort(rows[by_column].astype(np.uint16), kind="stable")]


def _pair_sums_dense(starts: IntArray, columns: Codes, values: Values, statements: int) -> PairSums:
    """By products of dense tables of some participants at a time, in whole numbers that 32-bit floats hold exactly."""
    sums = np.zeros((3, statements, statements), dtype=np.int32)
    for first, last in _blocks(starts, 1 + (len(starts) - 1) * statements // _AT_ONCE):
        some = slice(starts[first], starts[last])
        rows = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        cast, said = (np.zeros((last - first, statements), dtype=np.float32) for _ in range(2))
        cast[rows, columns[some]] = 1
        said[rows, columns[some]] = values[some]
        for at, (left, right) in enumerate(((cast, cast), (said, said), (said, cast))):
            sums[at] += (left.T @ right).astype(np.int32)
    return PairSums(*sums)


def _blocks(starts: IntArray, number: int) -> Iterator[tuple[int, int]]:
    """Stretches of participants with about equally many votes each."""
    wanted = np.linspace(0, starts[-1], number + 1)[1:-1]
    cuts = [0, *np.searchsorted(starts, wanted).tolist(), len(starts) - 1]
    yield from ((first, last) for first, last in pairwise(cuts) if first < last or last == 0)


def _in_parallel(work: Callable[[int, int], Any], blocks: list[tuple[int, int]]) -> list[Any]:
    if len(blocks) == 1:
        return [work(*blocks[0])]
    with ThreadPoolExecutor(len(blocks)) as pool:
        return list(pool.map(work, *zip(*blocks, strict=True)))


def _mirrored(upper: Codes) -> Codes:
    return upper + np.triu(upper, 1).T
