"""What follows from votes and groups: counts, who holds a veto, and the class of each statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.classic import BoolArray
from analysis.consensus import ClassesBy, Judgement, Verified, classes_by, deciding, judge, veto_holders
from analysis.division import Division, divide, divide_classically
from analysis.labels import Assignments, Labelled, given, label
from analysis.moments import Counts, count, count_by_group
from analysis.parameters import Parameters
from analysis.votes import IntArray, Votes

UNTESTED = "untested"


@dataclass(frozen=True, eq=False)
class Question:
    """What was put to the public, and how it is looked at.

    statements: ids of all that the result lists. left_out: ids of those that shape no group. about: of those about the
    participants. clusters: near-duplicates by id, the same number for those of one idea. verified: participants.
    groups: each participant's group where somebody gave it.
    """

    method: str
    parameters: Parameters
    statements: Sequence[str]
    left_out: frozenset[str]
    about: frozenset[str]
    clusters: Mapping[str, int]
    verified: frozenset[str]
    groups: Mapping[str, str] | None


@dataclass(frozen=True, eq=False)
class Conclusion:
    """Counts of the shape (statements,) or (groups, statements), in the order of the question's statements.

    decided: the votes that speak for the groups; veto: which groups hold one. eligible: which statements can be
    consensus at all.
    """

    votes: Votes
    division: Division
    labelled: Labelled
    everybody: Counts
    by_group: Counts
    decided: Counts
    veto: BoolArray
    eligible: BoolArray
    classes_by: ClassesBy
    judgements: Sequence[Judgement]

    @property
    def verdict(self) -> str:
        """What is said of structure; groups that were given, or made by Polis's method, are not tested."""
        return self.division.found.verdict if self.division.found else UNTESTED

    @cached_property
    def grouped(self) -> int:
        """People in groups."""
        return int(self.labelled.sizes.sum())

    @property
    def could_be_grouped(self) -> int:
        """People in groups, or who would be if there were any."""
        found = self.division.found
        return self.grouped or (int(found.placed.sum()) if found else 0)


def conclude(votes: Votes, question: Question, previous: Assignments) -> Conclusion:
    """Divide the participants and judge the statements. previous: each participant's letter in the run before."""
    parameters = question.parameters
    division = _divided(votes, question)
    labelled = (
        _lettered(votes, division.members, previous, parameters)
        if question.groups is None
        else given(question.groups, votes.participants)
    )
    columns = votes.places(question.statements)
    everybody = count(votes).at(columns)
    by_group = count_by_group(votes, labelled.members, len(labelled.letters)).at(columns)
    own = _verified(votes, labelled, columns, question.verified)
    veto = veto_holders(labelled.sizes, parameters, own)
    decided = deciding(by_group, labelled.sizes, own, parameters) if own else by_group
    putting = np.array([each not in question.about for each in question.statements], dtype=bool)
    eligible = putting & (everybody.votes > 0)
    verdict = division.found.verdict if division.found else UNTESTED
    judgements = judge(everybody, by_group, veto, eligible=eligible, parameters=parameters, decided=decided)
    return Conclusion(
        votes=votes,
        division=division,
        labelled=labelled,
        everybody=everybody,
        by_group=by_group,
        decided=decided,
        veto=veto,
        eligible=eligible,
        classes_by=classes_by(verdict, veto),
        judgements=judgements,
    )


def _divided(votes: Votes, question: Question) -> Division:
    if question.method == "classic" or question.groups is not None:
        left_out = np.array([each in question.left_out for each in votes.statements], dtype=bool)
        return divide_classically(votes, left_out, question.parameters)
    clusters = np.array([question.clusters.get(each, -1) for each in votes.statements], dtype=np.int64)
    return divide(votes, clusters, question.parameters)


def _lettered(votes: Votes, members: IntArray, previous: Assignments, parameters: Parameters) -> Labelled:
    contents = count_by_group(votes, members, int(members.max(initial=-1)) + 1)
    return label(
        members,
        votes.participants,
        contents=np.hstack([contents.agree, contents.disagree]),
        previous=previous,
        overlap=parameters.label_overlap,
    )


def _verified(votes: Votes, labelled: Labelled, columns: IntArray, verified: frozenset[str]) -> Verified | None:
    """The verified members of each group, where anybody is verified."""
    if not verified:
        return None
    is_verified = np.array([each in verified for each in votes.participants], dtype=bool)
    members = np.where(is_verified, labelled.members, -1)
    number = len(labelled.letters)
    sizes = np.bincount(members[members >= 0], minlength=number).astype(np.int64)
    return Verified(sizes, count_by_group(votes, members, number).at(columns))
