"""The loops over votes as machine code, by numba; `kernels.py` says what they compute and is what calls them.

Each takes a stretch of participants and lets go of Python's lock, so that several stretches run at the same time. The
machine code is kept beside this file, or in the user's cache, for the next process.
"""

from typing import Any

import numpy as np
from numba import njit

# Four counts of one pair of statements share a whole number of 64 bits, 16 bits each; the largest grows by up to 4 with
# each participant, so that so many fit before they are written out.
_PARTICIPANTS_AT_ONCE = 16_383
# So many pairs are counted at once: half a megabyte, which stays near the processor.
_PAIRS_AT_ONCE = 65_536


@njit(nogil=True, cache=True)
def pair_sums(starts: Any, columns: Any, values: Any, first: int, last: int, sums: Any) -> None:
    together, product, ones, others = sums[0], sums[1], sums[2], sums[3]
    statements = together.shape[0]
    height = max(8, _PAIRS_AT_ONCE // statements)
    tile = np.zeros((height, statements), dtype=np.int64)
    reached = np.empty(_PARTICIPANTS_AT_ONCE, dtype=np.int64)
    for low in range(first, last, _PARTICIPANTS_AT_ONCE):
        high = min(low + _PARTICIPANTS_AT_ONCE, last)
        for who in range(low, high):
            reached[who - low] = starts[who]
        for top in range(0, statements, height):
            bottom = min(top + height, statements)
            tile[:] = 0
            for who in range(low, high):
                at, end = reached[who - low], starts[who + 1]
                while at < end and columns[at] < bottom:
                    one = np.int64(values[at]) + 1
                    always, by_other = (1 << 48) | (one << 16), (one << 32) | 1
                    line = tile[columns[at] - top]
                    for beside in range(at, end):
                        line[columns[beside]] += always + (np.int64(values[beside]) + 1) * by_other
                    at += 1
                reached[who - low] = at
            for row in range(top, bottom):
                for column in range(row, statements):
                    packed = tile[row - top, column]
                    both, one, other = packed >> 48, (packed >> 16) & 0xFFFF, packed & 0xFFFF
                    together[row, column] += both
                    product[row, column] += ((packed >> 32) & 0xFFFF) - one - other + both
                    ones[row, column] += one - both
                    others[row, column] += other - both


@njit(nogil=True, cache=True)
def weighted_sums(starts: Any, columns: Any, values: Any, first: int, last: int, weights: Any, sums: Any) -> None:
    statements = weights.shape[0] // 3
    for who in range(first, last):
        x = y = 0.0
        for at in range(starts[who], starts[who + 1]):
            place = (np.int64(values[at]) + 1) * statements + np.int64(columns[at])
            x += weights[place, 0]
            y += weights[place, 1]
        sums[who, 0] = x
        sums[who, 1] = y


@njit(nogil=True, cache=True)
def choices(starts: Any, columns: Any, values: Any, first: int, last: int, groups: Any, counts: Any) -> None:
    for who in range(first, last):
        own = counts[groups[who] + 1]
        for at in range(starts[who], starts[who + 1]):
            own[columns[at], np.int64(values[at]) + 1] += 1


@njit(nogil=True, cache=True)
def is_sorted(rows: Any, columns: Any) -> bool:
    for at in range(1, len(rows)):
        if rows[at] < rows[at - 1] or (rows[at] == rows[at - 1] and columns[at] <= columns[at - 1]):
            return False
    return True


@njit(nogil=True, cache=True)
def ends_of(codes: Any, number: int) -> Any:
    ends = np.zeros(number + 1, dtype=np.int64)
    for at in range(len(codes)):
        ends[codes[at] + 1] += 1
    for each in range(number):
        ends[each + 1] += ends[each]
    return ends


@njit(nogil=True, cache=True)
def moved(codes: Any, number: int, others: Any, values: Any) -> Any:
    """`others` and `values` in the order of their codes, those of one code in the order they stand in."""
    free = ends_of(codes, number)
    moved, said = np.empty_like(others), np.empty_like(values)
    for at in range(len(codes)):
        to = free[codes[at]]
        free[codes[at]] += 1
        moved[to] = others[at]
        said[to] = values[at]
    return moved, said


@njit(nogil=True, cache=True)
def last_of_each(starts: Any, columns: Any, values: Any) -> int:
    """Close the gaps of votes that a later one replaces, in place; returns how many stand."""
    kept = 0
    for who in range(len(starts) - 1):
        first, last = starts[who], starts[who + 1]
        starts[who] = kept
        for at in range(first, last):
            if at + 1 == last or columns[at + 1] != columns[at]:
                columns[kept] = columns[at]
                values[kept] = values[at]
                kept += 1
    starts[len(starts) - 1] = kept
    return kept
