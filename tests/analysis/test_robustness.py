"""How many coordinated participants flip a statement: held to every attack on small votes, tried one by one."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from analysis.consensus import StatementClass, classify, veto_holders
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.robustness import NO_FLIP, Field, Way, flips

# Small thresholds, so that small groups can be tried through.
SMALL = Parameters(
    veto_share=0.2,
    veto_people=3,
    fewest_votes=5,
    fewest_votes_in_group=2,
    consensus_overall=0.5,
    consensus_across=0.55,
    consensus_in_each=0.3,
)
CONSENSUS = (StatementClass.CONSENSUS_AGREE, StatementClass.CONSENSUS_DISAGREE)


def field(*groups, sizes, parameters=SMALL, ungrouped=(0, 0, 0)):
    """One statement; each group's votes as (agree, disagree, pass)."""
    rows = np.array(groups, dtype=np.int64).reshape(-1, 3)
    by_group = Counts(*rows.reshape(-1, 3, 1).transpose(1, 0, 2))
    everybody = Counts(*(rows.sum(axis=0) + np.array(ungrouped)).reshape(3, 1))
    sizes = np.array(sizes, dtype=np.int64)
    return Field(everybody, by_group, sizes, veto_holders(sizes, parameters), "ABCDEFGH"[: len(sizes)])


def kind_of(attacked, parameters=SMALL):
    holders = Counts(*(each[attacked.veto] for each in (attacked.by_group.agree, attacked.by_group.disagree, attacked.by_group.passed)))
    return classify(attacked.everybody, holders, parameters)[0]


def flip(attacked, parameters=SMALL, **changes):
    options = {"eligible": np.array([True]), "grouped": int(attacked.sizes.sum()), "parameters": parameters, **changes}
    return flips(attacked, [kind_of(attacked, parameters)], **options)[0]


def tried_one_by_one(attacked, most):
    """The least number of fakes that turn the class, over all placements in the groups or in one of their own."""
    before = kind_of(attacked) in CONSENSUS
    groups = len(attacked.sizes)
    for number in range(most + 1):
        for placed in _placements(number, groups + 1):
            for direction in (0, 1):
                if (_attacked_class(attacked, placed, direction) in CONSENSUS) != before:
                    return number
    return None


def _placements(number, places):
    return (each for each in product(range(number + 1), repeat=places) if sum(each) == number)


def _attacked_class(attacked, placed, direction):
    further = np.array(placed)[:, None]
    grown = [
        np.vstack([each, np.zeros((1, 1), dtype=np.int64)])
        for each in (attacked.by_group.agree, attacked.by_group.disagree, attacked.by_group.passed)
    ]
    grown[direction] = grown[direction] + further
    total = [attacked.everybody.agree, attacked.everybody.disagree, attacked.everybody.passed]
    total[direction] = total[direction] + further.sum()
    sizes = np.append(attacked.sizes, 0) + np.array(placed)
    changed = replace(
        attacked, everybody=Counts(*total), by_group=Counts(*grown), sizes=sizes, veto=veto_holders(sizes, SMALL)
    )
    return kind_of(changed)


@pytest.mark.parametrize("seed", range(60))
def test_no_attack_on_small_votes_needs_fewer_and_the_number_is_nearly_enough(seed):
    rng = np.random.default_rng(seed)
    groups = int(rng.integers(1, 3))
    sizes = rng.integers(2, 12, size=groups)
    rows = [rng.multinomial(rng.integers(1, size + 1), rng.dirichlet((2, 1, 0.5))) for size in sizes]
    attacked = field(*rows, sizes=sizes, ungrouped=(3, 0, 0))

    found = flip(attacked).closed_form
    tried = tried_one_by_one(attacked, most=9)

    assert found is not None
    if tried is None:
        assert found > 9 - groups - 1
    else:
        assert tried - groups - 1 < found <= tried
