"""The classic method beside a Polis server's own results, on every conversation whose answers are at hand."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import analyse
from analysis.classic import ever_in, extremity, group_aware_consensus
from analysis.consensus import polis_consensus
from analysis.groups import OpinionGroups
from analysis.moments import count, count_by_group
from analysis.parameters import Parameters
from analysis.representativeness import representative
from analysis.space import OpinionSpace
from tests.analysis.polis_server import Server

EXACT = 1e-9
# The server keeps this one figure in 32 bits.
SINGLE_PRECISION = 1e-6

# Adjusted Rand index between the groups of red-dwarf 0.4.0 and the server's, measured from a cold start (run_pipeline
# with the server's moderation; the same for each of 50 random states).
RED_DWARF = {
    "25ptpt-3gp-no-strict-with-meta": 0.633,
    "50ptpt-3gp-strict-no-meta": 1.000,
    "below-100-ptpts": 0.513,
}


def test_agreement_is_counted_as_the_server_counts_it(server: Server) -> None:
    agreed = count(server.votes).agree

    # One participant's votes are missing from one of the answers, so a few counts are below the server's.
    short = [server.agree_counts[each] - ours for each, ours in zip(server.votes.statements, agreed, strict=True)]

    assert all(0 <= each <= 1 for each in short)


def test_components_are_the_servers(server: Server) -> None:
    ours = OpinionSpace().fit(server.table).components_

    cosines = (ours * server.components).sum(axis=1) / np.linalg.norm(server.components, axis=1)

    assert np.abs(cosines).min() >= 0.999


def test_the_servers_extremity_follows_from_its_own_components(server: Server) -> None:
    order = [server.math["tids"].index(int(each)) for each in server.votes.statements]
    mean = -np.array(server.math["pca"]["center"])[order]

    ours = extremity(mean, server.components)

    assert ours == pytest.approx(np.array(server.math["pca"]["comment-extremity"])[order], abs=EXACT)


def test_replayed_in_time_order_the_same_participants_are_grouped(server: Server) -> None:
    participants, statements, _, times = zip(*server.events, strict=True)

    taken = ever_in(participants, statements, times, Parameters())

    assert taken == {str(each) for each in server.math["in-conv"]}


def test_from_the_servers_centres_the_groups_are_the_same(server: Server) -> None:
    centres = np.array([group["center"] for group in server.math["group-clusters"]])
    bases = server.base_members
    places = np.array([server.positions[members].mean(axis=0) for members in bases])

    groups = OpinionGroups(init=centres).fit(places, sample_weight=[len(members) for members in bases])

    for members, group in zip(bases, groups.labels_, strict=True):
        assert set(server.members[members]) == {group}


def test_given_the_servers_groups_every_vote_count_is_equal(server: Server) -> None:
    ours = count_by_group(server.votes, server.members, server.number)

    for group, told in server.math["group-votes"].items():
        of_group = ours.of_group(int(group))
        assert told["n-members"] == (server.members == int(group)).sum()
        for place, statement in enumerate(server.votes.statements):
            counted = {"A": of_group.agree[place], "D": of_group.disagree[place], "S": of_group.votes[place]}
            assert counted == told["votes"][statement]


def test_given_the_servers_groups_group_aware_consensus_is_equal(server: Server) -> None:
    ours = group_aware_consensus(count_by_group(server.votes, server.members, server.number))

    told = [server.math["group-aware-consensus"][each] for each in server.votes.statements]

    assert ours == pytest.approx(told, abs=EXACT)


def test_given_the_servers_groups_the_same_statements_represent_them(server: Server) -> None:
    by_group = count_by_group(server.votes, server.members, server.number)
    eligible = ~np.isin(server.votes.statements, server.removed)

    ours = representative(by_group, server.votes.statements, eligible, Parameters())

    for group, told in server.math["repness"].items():
        own = {(each.statement, each.direction): each for each in ours[int(group)]}
        assert list(own) == [(str(each["tid"]), each["repful-for"]) for each in told]
        for each in told:
            mine = own[str(each["tid"]), each["repful-for"]]
            assert (mine.count, mine.votes) == (each["n-success"], each["n-trials"])
            assert mine.best_agree == each.get("best-agree", False)
            assert mine.p_success.value == pytest.approx(each["p-success"], abs=EXACT)
            assert mine.p_test == pytest.approx(each["p-test"], abs=EXACT)
            assert mine.repness.value == pytest.approx(each["repness"], abs=EXACT)
            assert mine.repness_test == pytest.approx(each["repness-test"], abs=SINGLE_PRECISION)


def test_the_same_statements_are_listed_as_consensus(server: Server) -> None:
    eligible = ~np.isin(server.votes.statements, server.removed)

    ours = polis_consensus(count(server.votes), server.votes.statements, eligible, Parameters())

    for told, listed in (
        (server.math["consensus"]["agree"], ours.agree),
        (server.math["consensus"]["disagree"], ours.disagree),
    ):
        own = {each.statement: each for each in listed}
        assert list(own) == [str(each["tid"]) for each in told]
        for each in told:
            mine = own[str(each["tid"])]
            assert (mine.count, mine.votes) == (each["n-success"], each["n-trials"])
            assert mine.p_success.value == pytest.approx(each["p-success"], abs=EXACT)
            assert mine.p_test == pytest.approx(each["p-test"], abs=EXACT)


def test_from_a_cold_start_the_groups_are_no_further_from_the_servers_than_red_dwarfs(servers: list[Server]) -> None:
    found = {}
    for server in servers:
        result = analyse(server.votes, method="classic", moderated_out=server.removed)
        both = [each for each, group in result.assignments.items() if group and each in server.groups]
        theirs, ours = [server.groups[each] for each in both], [result.assignments[each] for each in both]
        found[server.folder.name] = adjusted_rand_score(theirs, ours)
    print("adjusted Rand index with the server's groups:", found)

    measured = [name for name in found if name in RED_DWARF]
    assert np.mean([found[name] for name in measured]) >= np.mean([RED_DWARF[name] for name in measured])
    assert min(found.values()) > 0.4
