"""Analysis: the frozen result of a run, to and from JSON "analysis/1"."""

import json
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from analysis.axis import AxisEnd
from analysis.consensus import ClassesBy, Dissent, PolisConsensus, StatementClass
from analysis.found import NumberTried
from analysis.gap import Gap
from analysis.importance import Importance
from analysis.integrity import Change, Sign
from analysis.intervals import Estimate
from analysis.labels import GroupChange
from analysis.moments import Tally
from analysis.random_sample import RandomSample
from analysis.representativeness import Distinctive, Representative
from analysis.robustness import Flip
from analysis.stability import Prediction
from analysis.structure import StructureTest
from analysis.weighted_shares import WeightedTally
from analysis.weighting import Fit
from analysis.written import read, written

SCHEMA = "analysis/1"

Own_co = TypeVar("Own_co", covariant=True)


@dataclass(frozen=True)
class Participants:
    """How many voted, and how many of them are in a group."""

    total: int
    grouped: int


@dataclass(frozen=True)
class Axis:
    """The scale along which differences are gradual: its two ends, and each participant's place on it."""

    low: AxisEnd
    high: AxisEnd
    positions: Mapping[str, float]


@dataclass(frozen=True)
class Structure:
    """Whether there are groups at all, and what the classes of statements rest on.

    verdict: "none", "gradual", "groups", or "untested" (Polis's method). placed: how many people have votes enough to
    be in a group. between: how many stand between groups, since resamples move them. numbers: of groups tried.
    """

    verdict: str
    classes_by: ClassesBy
    placed: int | None = None
    test: StructureTest | None = None
    prediction: Prediction | None = None
    gap: Gap | None = None
    numbers: tuple[NumberTried, ...] | None = None
    between: int | None = None
    axis: Axis | None = None


@dataclass(frozen=True)
class Group:
    """An opinion group; one that holds no veto is named as dissent and decides nothing.

    cut: a part of something gradual, not a group of its own.
    """

    id: str
    label: str
    size: int
    holds_veto: bool
    cut: bool
    representative: tuple[Representative | Distinctive, ...]


@dataclass(frozen=True)
class Statement:
    """A statement with the votes of everybody and of each group, and what they say of it.

    A meta statement is about the participants themselves: it is never consensus, and shapes no group. near_duplicates:
    of which statements it repeats the wording; they shape the groups together as one. random_sample: the votes on it
    that were drawn uniformly, beside all. exposure: shares weighted against who was shown it; weighted: to the margins
    of a population. Both stand beside the plain shares and decide nothing. verified_by_group: the votes that speak for
    the groups that hold their veto by their verified members alone.
    """

    id: str
    text: str | None
    meta: bool
    everybody: Tally
    by_group: Mapping[str, Tally]
    kind: StatementClass
    consensus_agree: Estimate
    consensus_disagree: Estimate
    near_duplicates: tuple[str, ...]
    dissent: tuple[Dissent, ...]
    flip: Flip
    bridging: Estimate | None = None
    group_aware_consensus: Estimate | None = None
    verified_by_group: Mapping[str, Tally] | None = None
    importance: Importance | None = None
    importance_by_group: Mapping[str, Importance] | None = None
    exposure: WeightedTally | None = None
    random_sample: RandomSample | None = None
    weighted: WeightedTally | None = None
    weighted_by_group: Mapping[str, WeightedTally] | None = None


@dataclass(frozen=True)
class Integrity:
    """Signs of coordination. Nobody is left out because of them; changes: what would be otherwise without these people.

    signs: how many bear each that was looked for; flagged: who bears any.
    """

    rule: str
    signs: Mapping[str, int]
    flagged: Mapping[str, tuple[Sign, ...]]
    compared: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Weighting:
    """How participants were weighted to the margins of a population."""

    answered: int
    trimmed: int
    effective_people: float
    design_effect: float
    largest_gap: float
    fits: tuple[Fit, ...]


class OfParticipants(Mapping[str, Own_co], Generic[Own_co]):
    """What each participant has, by their id; made when it is first looked at, since there may be millions.

    ids: each participant's. values: makes the values, in the order of the ids.
    """

    def __init__(self, ids: Sequence[str], values: Callable[[], Sequence[Own_co]]) -> None:
        self._ids, self._values = ids, values

    @cached_property
    def _by_id(self) -> dict[str, Own_co]:
        return dict(zip(self._ids, self._values(), strict=True))

    def __getitem__(self, id: str) -> Own_co:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __repr__(self) -> str:
        return repr(self._by_id)

    def items(self) -> ItemsView[str, Own_co]:
        return self._by_id.items()


@dataclass(frozen=True)
class Analysis:
    """All that a run found out. Ids are text, lists are sorted by id, shares are of all votes, passes included.

    assignments: each participant's group, or None. positions: each participant's place in the opinion space.
    stability: the share of resamples that leave a participant in their group; the classic method computes none.
    group_changes: what became of each group since the run from which letters were kept.
    """

    method: str
    parameters: Mapping[str, Any]
    digest: str
    participants: Participants
    structure: Structure
    groups: tuple[Group, ...]
    assignments: Mapping[str, str | None]
    positions: Mapping[str, tuple[float, float]]
    stability: Mapping[str, float]
    statements: tuple[Statement, ...]
    integrity: Integrity | None = None
    weighting: Weighting | None = None
    group_changes: tuple[GroupChange, ...] | None = None
    polis_consensus: PolisConsensus | None = None

    def statement(self, id: str) -> Statement:
        """The statement with this id. Raises KeyError where the result lists none."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Statement]:
        return {each.id: each for each in self.statements}

    def to_json(self) -> bytes:
        """One JSON object, keys sorted, UTF-8, a line: the same bytes for the same votes."""
        plain = {"schema": SCHEMA, **written(self)}
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes | str) -> "Analysis":
        """The result as `to_json` wrote it. Raises ValueError for anything else."""
        plain = json.loads(text)
        if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
            raise ValueError(f"this is no {SCHEMA}: its schema is not named so")
        try:
            analysis: Analysis = read(cls, plain)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this {SCHEMA} is not complete: {error!r}") from error
        return analysis
