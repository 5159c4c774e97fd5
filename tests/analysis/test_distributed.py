"""The analysis on a Dask cluster of two processes: the bytes of a single process."""

import numpy as np
import pytest

from analysis import analyse, parquet
from analysis.__main__ import main
from analysis.simulation import planted_groups
from analysis.votes import VotesError

pa = pytest.importorskip("pyarrow", reason="pyarrow (the extra `parquet`) is not installed")
pq = pytest.importorskip("pyarrow.parquet")
dask = pytest.importorskip("dask.distributed", reason="dask.distributed (the extra `dask`) is not installed")


@pytest.fixture(scope="module")
def client():
    cluster = dask.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, dask.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three files over which the votes of each participant are strewn, a tenth of them cast twice."""
    folder = tmp_path_factory.mktemp("votes")
    rng = np.random.default_rng(7)
    votes = planted_groups(rng, participants=400, statements=60, shares=(0.5, 0.3, 0.2), presence=0.3).votes
    at = rng.permutation(np.concatenate([np.arange(len(votes)), np.flatnonzero(rng.random(len(votes)) < 0.1)]))
    who = np.array([f"p{votes.participants[row]}" for row in votes.rows[at]])
    value = np.where(rng.random(len(at)) < 0.2, 0, votes.values[at])
    for number, some in enumerate(np.array_split(np.arange(len(at)), 3)):
        table = {"participant": who[some], "statement": votes.columns[at][some], "value": value[some]}
        pq.write_table(pa.table(table), folder / f"{number}.parquet")
    return folder


def test_the_result_is_that_of_a_single_process_byte_for_byte(client, folder):
    from analysis.distributed import read_votes

    spread = read_votes(client, folder)

    alone = parquet.read_votes(folder)
    assert (spread.participants, spread.statements, len(spread)) == (alone.participants, alone.statements, len(alone))
    assert spread.digest == alone.digest
    for options in ({}, {"meta": ["3"], "moderated_out": ["5"]}):
        together = analyse(spread, method="classic", **options).to_json()
        assert together == analyse(alone, method="classic", **options).to_json()


def test_votes_stay_where_they_are(client, folder):
    from analysis.distributed import read_votes

    spread = read_votes(client, folder)

    analyse(spread, method="classic")

    assert not {"columns", "values", "rows"} & set(vars(spread))


def test_whatever_else_is_asked_of_the_votes_is_fetched(client, folder):
    from analysis.distributed import read_votes

    assert np.array_equal(read_votes(client, folder).matrix(), parquet.read_votes(folder).matrix(), equal_nan=True)


def test_what_is_no_vote_is_refused_as_by_a_single_process(client, tmp_path):
    from analysis.distributed import read_votes

    pq.write_table(pa.table({"participant": ["p"], "statement": ["s"], "value": [3]}), tmp_path / "1.parquet")

    with pytest.raises(VotesError, match=r"values\[0\] is 3"):
        read_votes(client, tmp_path)


def test_the_command_takes_the_address_of_a_cluster(client, folder, tmp_path):
    for name, options in (("alone", []), ("spread", ["--dask", client.scheduler.address])):
        target = str(tmp_path / name)
        assert main(["--parquet", str(folder), *options, "--method", "classic", "--json", target]) == 0

    assert (tmp_path / "spread").read_bytes() == (tmp_path / "alone").read_bytes()
