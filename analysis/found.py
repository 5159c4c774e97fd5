"""What is found of groups: the verdict, who is in which, and what it rests on."""

from dataclasses import dataclass
from typing import Literal

from analysis.axis import Axis
from analysis.crossfitting import CrossFitted
from analysis.gap import Gap
from analysis.intervals import Estimate
from analysis.sample import BoolArray
from analysis.stability import Prediction
from analysis.structure import StructureTest
from analysis.votes import FloatArray, IntArray

Verdict = Literal["none", "gradual", "groups"]


@dataclass(frozen=True)
class NumberTried:
    """A number of groups, and how it stands.

    found_again: how well its least stable group is found again when a part of the participants is left out (mean
    Jaccard index over the parts). gain: how much better, in nats a person, it predicts the votes of people left out
    than everybody's rates do. Intervals are Student's, over the parts and over the people; the fits share most of their
    people, so they are somewhat narrow.
    """

    number: int
    found_again: Estimate
    gain: Estimate


@dataclass(frozen=True, eq=False)
class Found:
    """What the votes say of groups.

    verdict: "none", no groups; "gradual", the groups are cuts through differences of degree; "groups". placed: who has
    votes enough, shape (participants,). members: each participant's group, 0 for the largest, -1 where in none,
    (participants,). stability: the share of resamples that leave them in their group, NaN where in none. number: of
    groups. tried: every number that was tried. prediction: groups beside gradual positions. gap: along the axis. axis:
    with "gradual" alone. tested: votes counted by groups made without them. Without structure these four are None.
    """

    verdict: Verdict
    test: StructureTest
    placed: BoolArray
    members: IntArray
    stability: FloatArray
    number: int
    tried: tuple[NumberTried, ...]
    prediction: Prediction | None
    gap: Gap | None
    axis: Axis | None
    tested: CrossFitted | None
