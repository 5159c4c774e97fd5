"""Votes from a folder of Parquet files: columns participant, statement, value, and optionally time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.votes import Encoded, Votes, VotesError

_COLUMNS = ("participant", "statement", "value")


@dataclass(frozen=True, eq=False)
class Ballots:
    """The votes of one file or several, in their order, as they were written: nothing is replaced yet.

    values, times: shape (votes,); times is None where the files have none.
    """

    participants: Encoded
    statements: Encoded
    values: npt.NDArray[Any]
    times: npt.NDArray[Any] | None

    def where(self, keep: npt.NDArray[np.bool_]) -> "Ballots":
        """Some of the votes."""
        who, what = (Encoded(each.ids, each.codes[keep]) for each in (self.participants, self.statements))
        return Ballots(who, what, self.values[keep], None if self.times is None else self.times[keep])

    def to_votes(self) -> Votes:
        """The votes that stand: the latest or, without times, the last."""
        return Votes.from_arrays(self.participants, self.statements, self.values, times=self.times)


def files_of(folder: Path) -> list[Path]:
    """The Parquet files of a folder, by name. Raises VotesError where there is none."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise VotesError(f"{folder}: no Parquet files; name them *.parquet")
    return files


def read_file(path: Path) -> Ballots:
    """The votes of one file. Raises VotesError for missing columns, missing values and ids that are none."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
        missing = [each for each in _COLUMNS if each not in names]
        if missing:
            raise VotesError(f"{path}: no column {' and no column '.join(missing)}; there are {', '.join(names)}")
        table = parquet.read_table(path, columns=[*_COLUMNS, *(["time"] if "time" in names else [])])
    except pa.ArrowInvalid as error:
        raise VotesError(f"{path}: this is no Parquet file: {error}") from error
    for name in table.column_names:
        if table[name].null_count:
            raise VotesError(f"{path}: column {name} has missing values; every vote needs all of its columns")
    return Ballots(
        _encoded(table, "participant", path),
        _encoded(table, "statement", path),
        table["value"].to_numpy(),
        table["time"].to_numpy() if "time" in names else None,
    )


def together(parts: Sequence[Ballots]) -> Ballots:
    """The votes of several files, one after the other. Raises VotesError where only some have times."""
    times = [each.times for each in parts if each.times is not None]
    if times and len(times) < len(parts):
        raise VotesError("some of the files have a column time and others none; give all of them one")
    return Ballots(
        _joined([each.participants for each in parts]),
        _joined([each.statements for each in parts]),
        np.concatenate([each.values for each in parts]),
        np.concatenate(times) if times else None,
    )


def read_votes(folder: Path) -> Votes:
    """The votes that stand of all files of a folder."""
    return together([read_file(path) for path in files_of(folder)]).to_votes()


def _encoded(table: Any, name: str, path: Path) -> Encoded:
    import pyarrow as pa

    column = table[name]
    if pa.types.is_integer(column.type):
        return Encoded.of(column.to_numpy(), name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    chunk = whole if isinstance(whole, pa.DictionaryArray) else whole.chunk(0)
    if not pa.types.is_string(chunk.dictionary.type) and not pa.types.is_large_string(chunk.dictionary.type):
        raise VotesError(
            f"{path}: column {name} is of the type {chunk.dictionary.type}; they are whole numbers or text"
        )
    return Encoded(chunk.dictionary.to_pylist(), chunk.indices.to_numpy())


def _joined(columns: Sequence[Encoded]) -> Encoded:
    ids = sorted({each for column in columns for each in column.ids})
    place = {each: at for at, each in enumerate(ids)}
    tables = [np.array([place[each] for each in column.ids], dtype=np.int32) for column in columns]
    codes = [table[column.codes] for table, column in zip(tables, columns, strict=True)]
    return Encoded(ids, np.concatenate(codes))
