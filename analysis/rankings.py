"""Rankings of the candidate responses to a prompt, and vetoes of them: what people said, and who did not."""

import math
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from analysis.classic import BoolArray
from analysis.intervals import Estimate, estimates, wilson
from analysis.votes import FloatArray

MOST_RESPONSES = 8  # more, nobody ranks with care, and the best order could not be found by trying all


class RankingsError(ValueError):
    """Rankings or vetoes that cannot be taken as they are."""


class Question(StrEnum):
    """Two questions with answers of their own, never pooled: what I want for myself, what is best for the world."""

    MYSELF = "myself"
    WORLD = "world"


@dataclass(frozen=True)
class Participation:
    """How many answered, were asked and left it, and were never asked."""

    answered: int
    skipped: int
    not_asked: int


@dataclass(frozen=True, eq=False)
class Rankings:
    """How people rank the responses to one prompt under one question.

    participants: who ranked something, sorted; skipped: who was asked and ranked nothing. responses: sorted. places:
    shape (participants, responses), 1 the best, equal numbers for a tie, NaN where a participant did not place a
    response.
    """

    prompt: str
    question: Question
    responses: tuple[str, ...]
    participants: tuple[str, ...]
    places: FloatArray
    skipped: tuple[str, ...]

    @classmethod
    def from_arrays(
        cls,
        prompt: object,
        question: str,
        *,
        participants: Iterable[Any],
        responses: Iterable[Any],
        ranks: Iterable[Any],
        candidates: Iterable[Any] | None = None,
        skipped: Iterable[Any] = (),
    ) -> "Rankings":
        """Rankings from three arrays of one length, a row for each response that a participant placed.

        ranks: whole numbers from 1, the best; equal ones are ties, gaps mean nothing. What a participant did not place
        has no row: it is missing, and not last. candidates: all responses that were shown, where some may be placed by
        nobody. Raises RankingsError for other ranks, a response placed twice by one participant or not among the
        candidates, somebody who both ranked and skipped, and more than eight responses.
        """
        who, what, said = _texts(participants, "participants"), _texts(responses, "responses"), list(ranks)
        _check_lengths(participants=who, responses=what, ranks=said)
        shown = _shown(what, candidates)
        people, left = sorted(set(who)), sorted(set(_texts(skipped, "skipped")))
        if both := set(people) & set(left):
            raise RankingsError(f"participant {min(both)!r} both ranked and skipped prompt {prompt}")
        places = np.full((len(people), len(shown)), np.nan)
        for row, column, at, rank in zip(
            _places(who, people), _places(what, shown), range(len(who)), said, strict=True
        ):
            if not math.isnan(places[row, column]):
                raise RankingsError(f"participant {who[at]!r} placed response {what[at]!r} to prompt {prompt} twice")
            places[row, column] = _rank(rank, at)
        return cls(str(prompt), _question(question), tuple(shown), tuple(people), _dense(places), tuple(left))

    def among(self, people: Container[str]) -> "Rankings":
        """Those of these participants only; the responses stay."""
        rows = [row for row, each in enumerate(self.participants) if each in people]
        kept = tuple(self.participants[row] for row in rows)
        left = tuple(each for each in self.skipped if each in people)
        return Rankings(self.prompt, self.question, self.responses, kept, self.places[rows], left)

    def participation(self, everybody: Collection[str]) -> Participation:
        """How many of everybody answered, skipped, and were not asked."""
        return _participation(self.participants, self.skipped, everybody)


@dataclass(frozen=True, eq=False)
class Vetoes:
    """Which responses to one prompt people call unacceptable.

    participants: who answered, if only by calling none unacceptable, sorted; skipped: who was asked and did not answer.
    vetoed: shape (participants, responses).
    """

    prompt: str
    responses: tuple[str, ...]
    participants: tuple[str, ...]
    vetoed: BoolArray
    skipped: tuple[str, ...]

    @classmethod
    def from_arrays(
        cls,
        prompt: object,
        *,
        participants: Iterable[Any],
        responses: Iterable[Any],
        answered: Iterable[Any],
        candidates: Iterable[Any],
        skipped: Iterable[Any] = (),
    ) -> "Vetoes":
        """Vetoes from two arrays of one length, a row for each veto; a veto given twice is one.

        answered: everybody who answered the question; those without a veto called every response acceptable. Raises
        RankingsError for a veto by somebody who did not answer or of no candidate, and somebody who answered and
        skipped.
        """
        who, what = _texts(participants, "participants"), _texts(responses, "responses")
        _check_lengths(participants=who, responses=what)
        people, left = sorted(set(_texts(answered, "answered"))), sorted(set(_texts(skipped, "skipped")))
        if strangers := set(who) - set(people):
            raise RankingsError(f"participant {min(strangers)!r} vetoed on prompt {prompt} without having answered")
        if both := set(people) & set(left):
            raise RankingsError(f"participant {min(both)!r} both answered and skipped the vetoes on prompt {prompt}")
        shown = _shown(what, candidates)
        vetoed = np.zeros((len(people), len(shown)), dtype=bool)
        vetoed[_places(who, people), _places(what, shown)] = True
        return cls(str(prompt), tuple(shown), tuple(people), vetoed, tuple(left))

    def among(self, people: Container[str]) -> "Vetoes":
        """Those of these participants only; the responses stay."""
        rows = [row for row, each in enumerate(self.participants) if each in people]
        kept = tuple(self.participants[row] for row in rows)
        left = tuple(each for each in self.skipped if each in people)
        return Vetoes(self.prompt, self.responses, kept, self.vetoed[rows], left)

    def participation(self, everybody: Collection[str]) -> Participation:
        """How many of everybody answered, skipped, and were not asked."""
        return _participation(self.participants, self.skipped, everybody)


@dataclass(frozen=True)
class Veto:
    """How many of those who answered call a response unacceptable; the share has Wilson's interval."""

    response: str
    answered: int
    vetoes: int
    share: Estimate


def veto_shares(vetoes: Vetoes, confidence: float) -> tuple[Veto, ...]:
    """One for each response, in the order of the responses."""
    counts = vetoes.vetoed.sum(axis=0)
    answered = np.full(len(counts), len(vetoes.participants))
    shares = np.divide(counts, answered, out=np.full(len(counts), np.nan), where=answered > 0)
    told = estimates(shares, wilson(counts, answered, confidence))
    return tuple(Veto(*row) for row in zip(vetoes.responses, answered.tolist(), counts.tolist(), told, strict=True))


def _texts(ids: Iterable[Any], name: str) -> list[str]:
    given = list(ids)
    for at, each in enumerate(given):
        if isinstance(each, bool) or not isinstance(each, (str, int, np.integer)) or each == "":
            raise RankingsError(f"{name}[{at}] is {each!r}; ids are whole numbers or text")
    return [str(each) for each in given]


def _check_lengths(**columns: Sequence[Any]) -> None:
    if len({len(each) for each in columns.values()}) > 1:
        told = ", ".join(f"{name} {len(each)}" for name, each in columns.items())
        raise RankingsError(f"the arrays must be of one length: {told}")


def _shown(placed: Sequence[str], candidates: Iterable[Any] | None) -> list[str]:
    shown = sorted(set(placed if candidates is None else _texts(candidates, "candidates")))
    if strangers := set(placed) - set(shown):
        raise RankingsError(f"response {min(strangers)!r} is not among the candidates {', '.join(shown)}")
    if len(shown) > MOST_RESPONSES:
        raise RankingsError(f"{len(shown)} responses to one prompt; at most {MOST_RESPONSES} can be ranked")
    return shown


def _places(ids: Sequence[str], among: Sequence[str]) -> list[int]:
    place = {each: at for at, each in enumerate(among)}
    return [place[each] for each in ids]


def _rank(rank: Any, at: int) -> float:
    is_number = isinstance(rank, (int, float, np.integer, np.floating)) and not isinstance(rank, bool)
    if not is_number or not math.isfinite(rank) or rank < 1 or rank != int(rank):
        raise RankingsError(f"ranks[{at}] is {rank!r}; a rank is a whole number from 1, the best")
    return float(rank)


def _question(question: str) -> Question:
    try:
        return Question(question)
    except ValueError:
        raise RankingsError(f"unknown question {question!r}; known: {', '.join(Question)}") from None


def _dense(places: FloatArray) -> FloatArray:
    """Each row's ranks as 1, 2, 3 without gaps, so that rankings that say the same are the same."""
    dense = np.full(places.shape, np.nan)
    for row, own in enumerate(places):
        placed = ~np.isnan(own)
        dense[row, placed] = np.unique(own[placed], return_inverse=True)[1] + 1
    dense.flags.writeable = False
    return dense


def _participation(answered: Sequence[str], skipped: Sequence[str], everybody: Collection[str]) -> Participation:
    people = set(everybody)
    did, left = len(people & set(answered)), len(people & set(skipped))
    return Participation(did, left, len(people) - did - left)
