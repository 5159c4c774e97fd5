"""Who took part is not who was asked: weights that give participants' answers the shares they have in a population.

Raking is written here, in about thirty lines: ipfn 1.4 (2021) fits tables and knows neither missing answers nor a cap;
samplics, weightipy and balance bring pandas or more, which nothing else here needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.intervals import FloatArray
from analysis.linearised import effective_number
from analysis.margins import Answers, Margin, MarginsError
from analysis.parameters import Parameters
from analysis.votes import IntArray, Votes
from analysis.weighted_shares import VoteWeights

_MOST_ROUNDS = 500
_MET = 1e-9  # a margin counts as met when no share is further off


@dataclass(frozen=True)
class Fit:
    """One answer: its share in the population, among those who answered the question, and among them once weighted."""

    question: str
    answer: str
    people: int
    share: float
    taking_part: float
    weighted: float


@dataclass(frozen=True, eq=False)
class Weighting:
    """What each participant weighs, shape (participants,), with mean 1.

    is_trimmed: whose weight is at the cap. answered: how many answered at least one of the questions; the others weigh
    1. fits: how near each margin came. largest_gap: the largest distance of a weighted share from its target, 0 but for
    rounding where the margins can be met within the cap. effective_people (Kish): how many participants of equal weight
    tell as much; design_effect: participants / effective_people.
    """

    weights: FloatArray
    is_trimmed: npt.NDArray[np.bool_]
    answered: int
    effective_people: float
    design_effect: float
    largest_gap: float
    fits: tuple[Fit, ...]

    def of_votes(self, votes: Votes) -> VoteWeights:
        """What each vote weighs. votes: those of the participants that were weighted, in their order."""
        return VoteWeights(self.weights[votes.rows], self.is_trimmed[votes.rows])


def rake(participants: Sequence[str], answers: Answers, margins: Sequence[Margin], parameters: Parameters) -> Weighting:
    """Weights for which the answers to each question have the shares of its margin.

    One question after the other, weights are scaled to meet its margin, until all are met; those above `weight_cap`
    times the mean are capped in each round and the others raised by as much. The cap comes last, so it always holds;
    where a margin can then not be met, `largest_gap` says by how much.

    Who did not answer a question, or gave an answer that its margin does not name ("prefer not to say"), is left as
    they are in its turn: the margin is met among those who answered, and who answered nothing weighs 1. Participants
    with an answer whose share is 0 weigh nothing. Raises MarginsError where nobody who took part gave an answer that
    has a share: no weight can make up for people who are not there.

    Sources: raking, Deming and Stephan 1940, "On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known", Annals of Mathematical Statistics 11; capping within the rounds, Izrael,
    Battaglia and Frankel 2009, "Extreme survey weight adjustment as a component of sample balancing", SAS Global Forum,
    paper 247; the treatment of missing answers and a cap of 5, DeBell and Krosnick 2009, "Computing weights for
    American National Election Study survey data", ANES technical report nes012427.
    """
    ordered = sorted(margins, key=lambda margin: margin.question)
    codes = _coded(participants, answers, ordered)
    _check_people(codes, ordered)
    # Participants who answered alike weigh alike, so each pattern of answers is weighed once.
    patterns, place, people = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    of_pattern = _raked(patterns, people, ordered, parameters.weight_cap)
    weights = of_pattern[place.reshape(-1)]
    fits = _fits(patterns, people, of_pattern, ordered)
    effective = float(effective_number(np.array(weights.sum()), np.array((weights**2).sum())))
    return Weighting(
        weights=weights,
        is_trimmed=weights >= parameters.weight_cap * (1 - _MET),
        answered=int((codes >= 0).any(axis=1).sum()),
        effective_people=effective,
        design_effect=len(participants) / effective if effective else 1.0,
        largest_gap=max((abs(fit.weighted - fit.share) for fit in fits), default=0.0),
        fits=tuple(fits),
    )


def _coded(participants: Sequence[str], answers: Answers, margins: Sequence[Margin]) -> IntArray:
    """Each participant's answer to each question, shape (participants, questions); -1 for none it names."""
    codes = np.full((len(participants), len(margins)), -1, dtype=np.int64)
    for column, margin in enumerate(margins):
        place = {answer: at for at, answer in enumerate(margin.answers)}
        given = (answers.get(each, {}).get(margin.question) for each in participants)
        codes[:, column] = [-1 if answer is None else place.get(answer, -1) for answer in given]
    return codes


def _check_people(codes: IntArray, margins: Sequence[Margin]) -> None:
    for column, margin in enumerate(margins):
        people = np.bincount(codes[:, column] + 1, minlength=len(margin.answers) + 1)[1:].tolist()
        for answer, share, number in zip(margin.answers, margin.shares, people, strict=True):
            if share > 0 and not number:
                raise MarginsError(
                    f"'{margin.question}': nobody who took part answered '{answer}', whose share is {share:.3g}; "
                    "join it with another answer, or leave the question out"
                )


def _raked(patterns: IntArray, people: IntArray, margins: Sequence[Margin], cap: float) -> FloatArray:
    """The weight of each pattern of answers, shape (patterns,); the mean over people is 1."""
    weights = np.ones(len(patterns))
    for _ in range(_MOST_ROUNDS):
        before = weights
        for column, margin in enumerate(margins):
            weights = _met(weights, people, patterns[:, column], np.array(margin.shares))
        weights = _capped(weights, people, cap)
        if np.abs(weights - before).max(initial=0) < _MET / 10:
            break
    return weights


def _met(weights: FloatArray, people: IntArray, codes: IntArray, shares: FloatArray) -> FloatArray:
    """The weights scaled so that the answers to one question have these shares among those who gave one of them."""
    known = codes >= 0
    sums = np.bincount(codes[known], (weights * people)[known], minlength=len(shares))
    factors = np.divide(shares * sums.sum(), sums, out=np.ones(len(shares)), where=sums > 0)
    return np.where(known, weights * factors[codes], weights)


def _capped(weights: FloatArray, people: IntArray, cap: float) -> FloatArray:
    """The weights with none above the cap, the others raised by as much; the mean stays 1."""
    weights = weights.copy()
    total = people.sum()
    while (weights > cap).any():
        weights = np.minimum(weights, cap)
        free = weights < cap
        raised = (weights * people)[free].sum()
        if raised:
            weights[free] *= 1 + (total - (weights * people).sum()) / raised
    return weights


def _fits(patterns: IntArray, people: IntArray, weights: FloatArray, margins: Sequence[Margin]) -> list[Fit]:
    fits = []
    for column, margin in enumerate(margins):
        codes = patterns[:, column]
        known = codes >= 0
        numbers, sums = (
            np.bincount(codes[known], each[known], minlength=len(margin.answers)) for each in (people, people * weights)
        )
        taking_part, weighted = (each / each.sum() if each.any() else each for each in (numbers, sums))
        columns = (numbers.astype(int).tolist(), margin.shares, taking_part.tolist(), weighted.tolist())
        rows = zip(margin.answers, *columns, strict=True)
        fits += [Fit(margin.question, *row) for row in rows]
    return fits
