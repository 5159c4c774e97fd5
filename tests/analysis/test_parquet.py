"""Votes in Parquet files: read as they would be from arrays, refused with the file and what is wrong with it."""

import datetime
import json

import numpy as np
import pytest

from analysis.__main__ import main
from analysis.parquet import read_votes
from analysis.votes import Votes, VotesError

pa = pytest.importorskip("pyarrow", reason="pyarrow (the extra `parquet`) is not installed")
pq = pytest.importorskip("pyarrow.parquet")


def write(folder, name="votes", **columns):
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("kind", [pa.int32(), pa.int64(), pa.string(), pa.large_string()])
def test_ids_may_be_numbers_or_text(tmp_path, kind):
    ids = pa.array(["10", "9", "10"]).cast(kind)
    write(tmp_path, participant=ids, statement=["b", "b", "a"], value=[1, -1, 0])

    votes = read_votes(tmp_path)

    assert votes.digest == Votes.from_arrays(["10", "9", "10"], ["b", "b", "a"], [1, -1, 0]).digest


def test_ids_may_be_a_dictionary(tmp_path):
    ids = pa.DictionaryArray.from_arrays(pa.array([2, 0, 2], pa.int8()), pa.array(["9", "nobody", "10"]))
    write(tmp_path, participant=ids, statement=["b", "b", "a"], value=[1, -1, 0])

    assert read_votes(tmp_path).participants == ("10", "9")


def test_files_are_read_by_name_and_the_last_vote_stands(tmp_path):
    write(tmp_path, "2", participant=["p", "r"], statement=[1, 2], value=[-1, 1])
    write(tmp_path, "1", participant=["p", "q"], statement=[1, 1], value=[1, 1])

    votes = read_votes(tmp_path)

    assert votes.digest == Votes.from_arrays(["p", "q", "r"], [1, 1, 2], [-1, 1, 1]).digest


def test_with_times_the_latest_vote_stands(tmp_path):
    early, late = (datetime.datetime(2026, 1, day, tzinfo=datetime.UTC) for day in (1, 2))
    write(tmp_path, "1", participant=["p"], statement=["s"], value=[1], time=[late])
    write(tmp_path, "2", participant=["p"], statement=["s"], value=[-1], time=[early])

    assert read_votes(tmp_path).values.tolist() == [1]


def test_a_file_without_votes_adds_none(tmp_path):
    write(tmp_path, "1", participant=["p"], statement=["s"], value=[1])
    empty = {"participant": pa.array([], pa.string()), "statement": pa.array([], pa.string())}
    write(tmp_path, "2", value=pa.array([], pa.int8()), **empty)

    assert read_votes(tmp_path).shape == (1, 1)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"participant": ["p"], "value": [1]}, "no column statement"),
        ({"participant": ["p", None], "statement": [1, 1], "value": [1, 1]}, "participant has missing values"),
        ({"participant": [1.5], "statement": [1], "value": [1]}, "participant is of the type double"),
        ({"participant": ["p"], "statement": [1], "value": [2]}, r"values\[0\] is 2"),
        ({"participant": [""], "statement": [1], "value": [1]}, "missing"),
    ],
)
def test_what_is_no_vote_is_refused(tmp_path, columns, told):
    write(tmp_path, **columns)

    with pytest.raises(VotesError, match=told):
        read_votes(tmp_path)


def test_times_in_some_files_only_are_refused(tmp_path):
    write(tmp_path, "1", participant=["p"], statement=["s"], value=[1], time=[5])
    write(tmp_path, "2", participant=["q"], statement=["s"], value=[1])

    with pytest.raises(VotesError, match="give all of them one"):
        read_votes(tmp_path)


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "votes.parquet").write_text("participant,statement,value")

    with pytest.raises(VotesError, match="no Parquet file"):
        read_votes(tmp_path)


def test_the_command_reads_a_folder(tmp_path, capsys):
    who, what = np.repeat(np.arange(30), 10), np.tile(np.arange(10), 30)
    write(tmp_path, participant=who, statement=what, value=np.where(who % 2, 1, -1))

    assert main(["--parquet", str(tmp_path), "--json", "-", "--method", "classic"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert [group["size"] for group in result["groups"]] == [15, 15]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--parquet", "{}", "--groups", "given"], "Parquet files hold no groups"),
        (["--parquet", "{}"], "no Parquet files"),
        (["{}", "--dask", "tcp://127.0.0.1:1"], "--dask is for votes in Parquet files"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, capsys, options, told):
    assert main([each.format(tmp_path) for each in options] + ["--json", "-"]) == 1

    assert told in capsys.readouterr().err
