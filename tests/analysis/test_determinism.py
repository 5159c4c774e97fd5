"""The same votes give the same bytes: whatever their order, the type of their ids, or the number of threads."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from analysis import Votes, analyse
from analysis.pipeline import METHODS
from analysis.polis_files import read_export, to_votes
from analysis.records import Beside, Records
from analysis.simulation import no_groups, one_axis, planted_groups

CHECKOUT = Path(__file__).parents[2]


def shuffled(votes, rng):
    """The same votes, participants, statements and votes in another order."""
    order = rng.permutation(len(votes))
    who, what = np.array(votes.participants, dtype=object), np.array(votes.statements, dtype=object)
    return Votes.from_arrays(who[votes.rows[order]], what[votes.columns[order]], votes.values[order])


SIZE = {"participants": 260, "statements": 40, "presence": 0.3}
DRAWN = {
    "groups": lambda rng: planted_groups(rng, shares=(0.5, 0.3, 0.2), **SIZE),
    "gradual": lambda rng: one_axis(rng, **SIZE),
    "none": lambda rng: no_groups(rng, unevenness=0.8, **SIZE),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("structure", DRAWN)
def test_the_order_of_votes_changes_no_byte(seed, structure, method):
    rng = np.random.default_rng(seed)
    votes = DRAWN[structure](rng).votes

    assert analyse(shuffled(votes, rng), method=method).to_json() == analyse(votes, method=method).to_json()


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_all_that_is_known_beside_the_votes_changes_no_byte(method):
    rng = np.random.default_rng(7)
    votes = DRAWN["groups"](rng).votes
    people, cast = np.array(votes.participants, dtype=object), len(votes)
    marked, shown = rng.random(cast) < 0.2, rng.uniform(0.05, 1, cast)
    said = {
        each: {"age": ("young", "old")[at % 2], "home": ("town", "land")[at % 3 == 0]} for at, each in enumerate(people)
    }
    margins = {"age": {"young": 0.3, "old": 0.7}, "home": {"town": 0.6, "land": 0.4}}
    began = {each: float(at) for at, each in enumerate(people)}
    texts = {each: f"Statement {int(each) // 2}, a long enough one" for each in votes.statements}

    def result(votes, order, turned):
        who, what = people[votes.rows[order]], np.array(votes.statements)[votes.columns[order]]
        beside = Beside(
            records=Records.aligned(
                votes, who, what, important=marked[order], probability=shown[order], random=marked[order]
            ),
            verified=frozenset(turned(people[::2])),
            answers={each: dict(turned(said[each].items())) for each in turned(said)},
            margins={each: dict(turned(margins[each].items())) for each in turned(margins)},
            first_seen=dict(turned(began.items())),
        )
        own = dict(turned(texts.items()))
        return beside, analyse(votes, method=method, texts=own, meta=turned(["3", "4"]), beside=beside).to_json()

    in_order, one = result(votes, np.arange(cast), list)
    turned, other = result(votes, rng.permutation(cast), lambda each: list(reversed(list(each))))

    assert one == other
    assert in_order.digest == turned.digest


THREADED = """
import hashlib, numpy as np
from analysis import analyse
from analysis.simulation import one_axis, planted_groups
size = {"participants": 400, "statements": 60, "presence": 0.4}
for votes in (planted_groups(np.random.default_rng(1), shares=(0.5, 0.5), **size).votes,
              one_axis(np.random.default_rng(1), **size).votes):
    for method in ("latent", "classic"):
        print(hashlib.sha256(analyse(votes, method=method).to_json()).hexdigest())
"""


def test_the_number_of_threads_of_a_process_changes_no_byte():
    def told(threads):
        names = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMBA")
        number = {f"{name}_NUM_THREADS": threads for name in names}
        done = subprocess.run(
            [sys.executable, "-c", THREADED],
            cwd=CHECKOUT,
            env=os.environ | number,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.split()

    one, two = told("1"), told("2")

    assert len(set(one)) == 4
    assert one == two


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25, deadline=None)
@given(
    cast=st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 9)), st.sampled_from([-1, 0, 1]), max_size=150),
    random=st.randoms(),
)
def test_the_order_of_any_votes_changes_no_byte(method, cast, random):
    triples = [(who, what, value) for (who, what), value in cast.items()]
    mixed = random.sample(triples, len(triples))

    results = {
        analyse(Votes.from_arrays(*(list(column) for column in zip(*each, strict=True))), method=method).to_json()
        for each in (triples, mixed)
        if each
    }

    assert len(results) <= 1


@pytest.mark.parametrize("method", METHODS)
def test_a_real_conversation_gives_the_same_bytes_on_one_thread_and_on_two(real_data: Path, method):
    for folder in sorted(path.parent for path in real_data.glob("polis-open-data/*/votes.csv")):
        votes = to_votes(read_export(folder))

        with threadpool_limits(limits=1):
            alone = analyse(shuffled(votes, np.random.default_rng(0)), method=method).to_json()
        with threadpool_limits(limits=2):
            together = analyse(votes, method=method).to_json()

        assert alone == together, folder.name
