"""Signs of fakes: who bears one, who does not, and what hangs on those who do."""

import numpy as np
import pytest

from analysis.attacks import Wish, faction
from analysis.consensus import Judgement, StatementClass
from analysis.integrity import Change, Sign, changes, signs, without
from analysis.intervals import Estimate
from analysis.parameters import Parameters
from analysis.simulation import planted_groups
from analysis.votes import Votes

DEFAULTS = Parameters()
HOUR = 3600.0


def votes_of(table):
    rows, columns = np.nonzero(~np.isnan(table))
    return Votes.from_arrays(rows, columns, table[rows, columns].astype(int))


def real_people(seed=0, participants=200, statements=80):
    rng = np.random.default_rng(seed)
    drawn = planted_groups(rng, participants=participants, statements=statements, shares=(0.6, 0.4), presence=0.5)
    return drawn.votes.matrix()


def bearing(result, sign):
    return {who for who, own in result.signs.items() if sign in own}


def test_real_people_of_two_groups_bear_no_sign():
    assert signs(votes_of(real_people()), DEFAULTS).signs == {}


def test_who_votes_like_somebody_else_on_nearly_all_shared_statements_is_alike():
    table = real_people()
    copied = np.vstack([table, table[:1]])
    copied[-1, np.flatnonzero(~np.isnan(copied[-1]))[0]] *= -1

    assert bearing(signs(votes_of(copied), DEFAULTS), Sign.ALIKE) == {"0", "200"}


def test_agreeing_on_what_everybody_agrees_on_is_no_sign():
    table = np.ones((100, 40))
    table[np.random.default_rng(0).random(table.shape) < 0.02] = -1

    assert bearing(signs(votes_of(table), DEFAULTS), Sign.ALIKE) == set()


def test_few_shared_votes_are_not_enough_to_be_alike():
    table = real_people()
    copied = np.vstack([table, table[:1]])
    copied[-1, np.flatnonzero(~np.isnan(copied[-1]))[DEFAULTS.alike_votes - 1 :]] = np.nan

    assert bearing(signs(votes_of(copied), DEFAULTS), Sign.ALIKE) == set()


def test_beyond_those_compared_equal_ballots_are_found_all_the_same():
    table = real_people()
    copied = np.vstack([table, table[:1]])

    result = signs(votes_of(copied), Parameters(alike_compared=10))

    assert result.compared == 10
    assert bearing(result, Sign.ALIKE) >= {"0", "200"}


def test_blocks_of_participants_change_nothing(monkeypatch):
    table = np.vstack([real_people(), real_people()[:30]])
    whole = signs(votes_of(table), DEFAULTS)

    monkeypatch.setattr("analysis.integrity._ROWS_AT_ONCE", 7)

    assert signs(votes_of(table), DEFAULTS) == whole


@pytest.mark.parametrize(("number", "bears"), [(19, False), (20, True)])
@pytest.mark.parametrize("answer", [1, 0, -1])
def test_one_answer_to_twenty_statements_is_straight_lining(number, bears, answer):
    table = np.vstack([real_people(), np.full((1, 80), np.nan)])
    table[-1, :number] = answer

    assert ("200" in bearing(signs(votes_of(table), DEFAULTS), Sign.STRAIGHT)) is bears


def test_many_first_votes_within_minutes_are_a_burst():
    votes = votes_of(real_people())
    times = np.linspace(0, 10 * 24 * HOUR, 200)
    times[:40] = 5 * 24 * HOUR + np.linspace(0, 300, 40)

    result = signs(votes, DEFAULTS, times)

    assert bearing(result, Sign.BURST) == {votes.participants[at] for at in range(40)}


def test_a_busy_day_is_no_burst():
    votes = votes_of(real_people())

    assert bearing(signs(votes, DEFAULTS, np.linspace(0, 12 * HOUR, 200)), Sign.BURST) == set()


def test_without_times_bursts_are_not_looked_for_and_the_result_says_so():
    votes = votes_of(real_people())

    assert Sign.BURST not in signs(votes, DEFAULTS).looked_for
    assert Sign.BURST in signs(votes, DEFAULTS, np.full(200, np.nan)).looked_for


def test_fakes_with_a_fifth_of_noise_are_not_found_so_this_is_no_defence():
    table = real_people()
    rng = np.random.default_rng(3)
    fakes = faction(rng, table, 30, [Wish(0, -1)])
    fakes[rng.random(fakes.shape) < 0.2] *= -1

    found = signs(votes_of(np.vstack([table, fakes])), DEFAULTS).flagged

    assert len(found & {str(at) for at in range(200, 230)}) < 15


def test_the_order_of_participants_decides_nothing():
    table = np.vstack([real_people(), real_people()[:20]])
    order = np.random.default_rng(1).permutation(len(table))
    rows, columns = np.nonzero(~np.isnan(table))
    turned = np.argsort(order)
    shuffled = Votes.from_arrays(order[turned[rows]], columns, table[rows, columns].astype(int))

    assert signs(shuffled, DEFAULTS) == signs(votes_of(table), DEFAULTS)


def test_the_votes_of_the_others_remain():
    votes = votes_of(real_people())

    left = without(votes, frozenset({"0", "17"}))

    assert set(left.participants) == set(votes.participants) - {"0", "17"}
    assert len(left) == len(votes) - int((votes.rows == 0).sum()) - int(
        votes.votes_cast()[votes.participants.index("17")]
    )


def test_changes_name_the_statements_whose_class_is_another_one():
    def judged(*kinds):
        return [Judgement(kind, *[Estimate(None, 0, 1)] * 3) for kind in kinds]

    agree, few = StatementClass.CONSENSUS_AGREE, StatementClass.TOO_FEW

    assert changes(["a", "b"], judged(agree, few), judged(agree, agree)) == [Change("b", few, agree)]


@pytest.mark.parametrize("table", [np.zeros((0, 0)), np.ones((1, 1)), np.zeros((30, 1)), np.ones((30, 40))])
def test_degenerate_votes_have_an_answer(table):
    result = signs(votes_of(table), DEFAULTS, np.zeros(len(table)))

    assert bearing(result, Sign.ALIKE) == set()
