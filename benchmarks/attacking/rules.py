"""Our rule and Polis's, on real conversations: groups, figures, thresholds that accept equally many statements."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.classic import base_clusters, numbers_to_try
from analysis.consensus import across, veto_holders
from analysis.duplicates import duplicates
from analysis.groups import OpinionGroups, find_groups
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.polis_files import read_export, to_votes
from analysis.sample import apart
from analysis.space import OpinionSpace
from analysis.votes import FloatArray, IntArray, Votes

CHECKOUT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data") / "polis-open-data"
ACCEPTED = 0.3  # of the statements with enough votes
SETTINGS = Parameters()
DEFAULTS = (SETTINGS.consensus_overall, SETTINGS.consensus_across, SETTINGS.consensus_in_each)
MEMBERS_ONLY = replace(SETTINGS, vote_draws=1, statement_folds=2)  # what is beside the members plays no part here

Grouping = Callable[..., IntArray]


@dataclass(frozen=True, eq=False)
class Conversation:
    """Real votes without moderated statements, shape (participants, statements), NaN where there is none."""

    name: str
    table: FloatArray
    texts: tuple[str, ...]
    judged: np.ndarray  # statements with enough votes to take part in the comparison
    number: int  # how many of them each rule accepts


@dataclass(frozen=True, eq=False)
class Clean:
    """A conversation before the attack, as one rule sees it, with the rule's thresholds for it."""

    rule: "Rule"
    conversation: Conversation
    thresholds: tuple[float, ...]
    accepted: np.ndarray
    groups: IntArray
    sizes: IntArray
    by_group: Counts
    everybody: Counts

    @property
    def grouped(self) -> int:
        return int(self.sizes.sum())

    def level(self, percent: float) -> int:
        """So many fakes in a hundred grouped participants, one at least."""
        return max(1, round(percent / 100 * self.grouped))

    def margin(self, everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:
        """How far each statement is above the threshold that is nearest, shape (statements,)."""
        figures = self.rule.figures(everybody, by_group, sizes)
        margin: FloatArray = (figures - np.array(self.thresholds)[:, None]).min(axis=0)
        return margin

    def attacked(self, fakes: FloatArray) -> np.ndarray:
        """What is accepted once these have taken part; groups are found again, the thresholds stay."""
        return self.judged(*self.regrouped(fakes))

    def regrouped(self, fakes: FloatArray) -> tuple[FloatArray, IntArray]:
        """All votes, and everybody's group."""
        table = np.vstack([self.conversation.table, fakes])
        return table, self.rule.grouping(table)

    def judged(self, table: FloatArray, groups: IntArray) -> np.ndarray:
        """What is accepted with these votes and groups."""
        return self.margin(*counted(table, groups)) > 0


@dataclass(frozen=True)
class Rule:
    """Groups from votes, -1 where in none, and figures of which each must lie above a threshold of its own.

    figures: shape (conditions, statements). fixed: thresholds, where they are not to be set by the number accepted.
    """

    name: str
    grouping: Grouping
    figures: Callable[[Counts, Counts, IntArray], FloatArray]
    fixed: tuple[float, ...] | None = None

    def clean(self, conversation: Conversation, number: int | None = None) -> Clean:
        """The thresholds with which so many statements are accepted, and the rest."""
        groups = self.grouping(conversation.table)
        everybody, by_group, sizes = counted(conversation.table, groups)
        figures = np.where(conversation.judged, self.figures(everybody, by_group, sizes), -np.inf)
        thresholds = self.fixed or loosened(figures, number or conversation.number)
        accepted = (figures > np.array(thresholds)[:, None]).all(axis=0)
        return Clean(self, conversation, thresholds, accepted, groups, sizes, by_group, everybody)


def loosened(figures: FloatArray, number: int) -> tuple[float, ...]:
    """Thresholds with which so many statements pass all conditions, each alone letting equally many through."""
    ranked = -np.sort(-figures, axis=1)
    for passing in range(number, figures.shape[1]):
        # Half-way to the next statement, so that no statement sits on a threshold.
        thresholds = (ranked[:, passing - 1] + ranked[:, passing]) / 2
        if (figures > thresholds[:, None]).all(axis=0).sum() >= number:
            return tuple(thresholds.tolist())
    raise ValueError("there are not so many statements")


def counted(table: FloatArray, groups: IntArray) -> tuple[Counts, Counts, IntArray]:
    """Votes of everybody, votes of each group, and the groups' sizes."""
    number = int(groups.max(initial=-1)) + 1
    inside = (groups[None, :] == np.arange(number)[:, None]).astype(float)
    choices = [(table == value).astype(float) for value in (1, -1, 0)]
    by_group = Counts(*((inside @ each).astype(np.int64) for each in choices))
    everybody = Counts(*(each.sum(axis=0).astype(np.int64) for each in choices))
    return everybody, by_group, inside.sum(axis=1).astype(np.int64)


def polis_figures(everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:  # noqa: ARG001  # as any rule's
    """The k-th root of the product over all groups."""
    return across(by_group.agree, by_group.votes)[None, :]


def our_figures(everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:
    """What the three conditions look at; nothing passes that has too few votes."""
    veto = veto_holders(sizes, SETTINGS)
    figures = np.ones((3, len(everybody.votes)))
    figures[0] = wilson(everybody.agree, everybody.votes, SETTINGS.confidence).low
    too_few = everybody.votes < SETTINGS.fewest_votes
    if veto.any():
        agree, votes = by_group.agree[veto], by_group.votes[veto]
        figures[1] = across(agree, votes)
        figures[2] = wilson(agree, votes, SETTINGS.confidence).low.min(axis=0)
        too_few |= (votes < SETTINGS.fewest_votes_in_group).any(axis=0)
    return np.where(too_few, -np.inf, figures)


def classic_groups(table: FloatArray, texts: Sequence[str] | None = None) -> IntArray:  # noqa: ARG001  # as any groups
    """Polis's groups: principal components, base clusters, k-means, the number by silhouette."""
    enough = (~np.isnan(table)).sum(axis=1) >= min(SETTINGS.votes_to_be_grouped, table.shape[1])
    positions = np.round(OpinionSpace().fit_transform(table), 6)[enough]
    bases = base_clusters(positions, SETTINGS)
    found = OpinionGroups(numbers_to_try(len(bases.weights), SETTINGS), starts=4)
    groups = np.full(len(table), -1, dtype=np.int64)
    groups[enough] = found.fit(bases.centres, sample_weight=bases.weights).labels_[bases.members]
    return groups


def our_groups(table: FloatArray, texts: Sequence[str] | None = None) -> IntArray:
    """The default method's groups; near-duplicates by wording weigh together, where texts are given."""
    rows, columns = np.nonzero(~np.isnan(table))
    # Ids of one length, so that they sort as the rows and columns do.
    who, what = np.char.zfill(rows.astype(str), 7), np.char.zfill(columns.astype(str), 7)
    votes = Votes.from_arrays(who, what, table[rows, columns].astype(int))
    clusters = duplicates(texts, SETTINGS) if texts else apart(table.shape[1])
    found = find_groups(votes, clusters[[int(each) for each in votes.statements]], MEMBERS_ONLY)
    groups = np.full(len(table), -1, dtype=np.int64)
    groups[[int(each) for each in votes.participants]] = found.members
    return groups


def read(name: str) -> Conversation:
    export = read_export(REAL / name)
    votes = to_votes(export)
    declined = {each.id for each in export.statements if each.moderation < 0 or each.is_meta}
    shown = np.array([each not in declined for each in votes.statements])
    table = votes.matrix()[:, shown]
    table = table[(~np.isnan(table)).any(axis=1)]
    wording = {each.id: each.text for each in export.statements}
    cast = (~np.isnan(table)).sum(axis=0)
    judged = cast >= max(SETTINGS.fewest_votes, float(np.quantile(cast, 0.25)))
    return Conversation(
        name=name,
        table=table,
        texts=tuple(wording[each] for each, is_shown in zip(votes.statements, shown, strict=True) if is_shown),
        judged=judged,
        number=round(ACCEPTED * int(judged.sum())),
    )
