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
    holders = Counts(
        *(
            each[attacked.veto]
            for each in (attacked.by_group.agree, attacked.by_group.disagree, attacked.by_group.passed)
        )
    )
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


def test_votes_that_weigh_on_everybody_flip_a_statement_that_just_holds():
    attacked = field((700, 290, 10), sizes=[1000], parameters=Parameters())

    found = flip(attacked, Parameters())

    further = found.closed_form
    assert found.way is Way.EVERYBODY
    assert wilson(700, 1000 + further).low <= 0.6 < wilson(700, 1000 + further - 1).low


def test_joining_the_weakest_group_flips_a_statement_that_is_close_there():
    attacked = field((900, 50, 50), (140, 80, 0), sizes=[1000, 220], parameters=Parameters())

    found = flip(attacked, Parameters())

    assert (found.way, found.group) == (Way.GROUP, "B")
    assert wilson(140, 220 + found.closed_form).low <= 0.5 < wilson(140, 220 + found.closed_form - 1).low


def test_lifting_a_small_group_that_disagrees_to_a_veto_counts_as_an_attack():
    attacked = field((1000, 0, 0), (0, 149, 0), sizes=[1000, 149], parameters=Parameters())

    found = flip(attacked, Parameters())

    assert (found.way, found.group) == (Way.JOINED, "B")
    size = 149 + found.closed_form
    assert size >= 0.15 * (1149 + found.closed_form) > size - 1


def test_a_group_of_their_own_flips_even_what_nobody_opposes():
    attacked = field((1000, 0, 0), sizes=[1000], parameters=Parameters())

    found = flip(attacked, Parameters())

    assert found.way is Way.FOUNDED
    assert found.closed_form == 177  # of 1,177 they are 15 %; 176 of 1,176 are not


def test_a_group_that_only_verified_members_speak_for_cannot_be_joined():
    weak, sizes = [(900, 50, 50), (14, 6, 0)], np.array([1000, 60])
    attacked = replace(field(*weak, sizes=sizes, parameters=Parameters()), veto=np.array([True, True]))
    options = {"eligible": np.array([True]), "grouped": 1060, "parameters": Parameters()}

    taken = flips(attacked, [StatementClass.CONSENSUS_AGREE], **options)[0]
    made = flips(attacked, [StatementClass.UNCERTAIN], **options, into=("agree",))[0]

    assert taken.way is Way.FOUNDED
    assert made == NO_FLIP


def test_what_is_printed_is_divided_by_the_factor():
    attacked = field((1000, 0, 0), sizes=[1000], parameters=Parameters())

    found = flip(attacked, Parameters(flip_factor=1.5))

    assert (found.closed_form, found.count) == (177, 118)


@pytest.mark.parametrize(("grouped", "is_fragile"), [(17_700, False), (17_701, True)])
def test_what_fewer_than_one_in_a_hundred_could_flip_is_fragile(grouped, is_fragile):
    attacked = field((1000, 0, 0), sizes=[1000], parameters=Parameters())

    assert flip(attacked, Parameters(flip_factor=1.0), grouped=grouped).is_fragile is is_fragile


def test_a_statement_about_the_participants_cannot_be_flipped():
    attacked = field((1000, 0, 0), sizes=[1000], parameters=Parameters())

    assert flip(attacked, Parameters(), eligible=np.array([False])) == NO_FLIP


@pytest.mark.parametrize(
    ("parameters", "way"),
    [
        (Parameters(consensus_overall=1.0), None),
        (Parameters(consensus_across=1.0), None),
        (Parameters(consensus_in_each=1.0), None),
        (Parameters(consensus_overall=0.0, consensus_across=0.0, consensus_in_each=0.0), None),
    ],
)
def test_thresholds_that_nothing_can_cross_are_no_error(parameters, way):
    attacked = field((10, 60, 5), (30, 2, 1), sizes=[75, 33], parameters=parameters)

    found = flip(attacked, parameters)

    assert found == NO_FLIP or found.closed_form >= 0


def test_without_groups_the_share_of_everybody_is_all_that_counts():
    attacked = field(sizes=[], ungrouped=(90, 10, 0), parameters=Parameters())

    found = flip(attacked, Parameters(), grouped=100)

    assert found.way is Way.EVERYBODY
    assert wilson(90, 100 + found.closed_form).low <= 0.6 < wilson(90, 99 + found.closed_form).low


def test_each_statement_is_judged_by_itself():
    rng = np.random.default_rng(1)
    sizes = np.array([300, 120, 20])
    agree, disagree, passed = (rng.integers(0, 40, size=(3, 30)) for _ in range(3))
    by_group = Counts(agree, disagree, passed)
    whole = Field(by_group.total, by_group, sizes, veto_holders(sizes, Parameters()), "ABC")
    kinds = [StatementClass.UNCERTAIN, StatementClass.CONSENSUS_AGREE, StatementClass.CONSENSUS_DISAGREE] * 10
    options = {"grouped": 440, "parameters": Parameters()}

    together = flips(whole, kinds, eligible=np.ones(30, dtype=bool), **options)

    for at, kind in enumerate(kinds):
        one = replace(whole, everybody=by_group.total.at(np.array([at])), by_group=by_group.at(np.array([at])))
        assert flips(one, [kind], eligible=np.array([True]), **options) == [together[at]]


def test_no_statements_have_no_flips():
    none = Counts(*(np.zeros((2, 0), dtype=np.int64) for _ in range(3)))
    empty = Field(none.total, none, np.array([20, 20]), np.array([True, True]), "AB")

    assert flips(empty, [], eligible=np.zeros(0, dtype=bool), grouped=40, parameters=Parameters()) == []
