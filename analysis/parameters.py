"""Every threshold of the method once, in the order of the method page, whose table is made from here."""

from collections.abc import Iterator
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, NamedTuple

POLIS = "Polis"
NOTES = "Community Notes"
OURS = "this project"


class ParameterError(ValueError):
    """A choice the analysis cannot follow: an unknown method, a threshold outside its range."""


class Meaning(NamedTuple):
    """One row of the table of parameters."""

    name: str
    default: int | float
    meaning: str
    source: str


def _threshold(default: Any, meaning: str, source: str, *, least: float = 0, most: float = float("inf")) -> Any:
    return field(default=default, metadata={"meaning": meaning, "source": source, "least": least, "most": most})


def _share(default: float, meaning: str, source: str) -> Any:
    return _threshold(default, meaning, source, most=1)


def _number(default: int, meaning: str, source: str) -> Any:
    return _threshold(default, meaning, source, least=1)


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The thresholds of one analysis. Raises ParameterError where one lies outside its range."""

    confidence: float = _threshold(
        0.95, "Confidence of every printed interval, two-sided.", "convention", least=0.8, most=0.9999
    )
    duplicate_similarity: float = _share(
        0.75, "Similarity of wording from which two statements are near-duplicates.", OURS
    )
    votes_to_be_grouped: int = _number(
        7, "Votes from which a participant is grouped (all statements, where there are fewer).", POLIS
    )
    most_in_sample: int = _number(
        1500,
        "Groups are found among at most so many participants, drawn from a fixed seed; all others are assigned.",
        OURS,
    )
    structure_level: float = _threshold(
        0.002,
        "Probability, without any structure, of votes that look as structured as these, below which there is one.",
        OURS,
        most=0.5,
    )
    structure_permutations: int = _threshold(
        40, "How many times the votes on each statement are dealt out anew to see what chance does.", OURS, least=2
    )
    largest_number: int = _threshold(8, "Largest number of opinion groups that is tried.", OURS, least=2)
    groups_deviate: float = _threshold(
        1.645,
        "Groups, and no gradual differences, where they predict the votes of participants left out better by more than "
        "so many standard errors (one-sided 95 %).",
        OURS,
    )
    gap_level: float = _share(
        0.01, "Two heaps of positions along the axis count where they are likelier than one at this level.", OURS
    )
    gap_valley: float = _share(
        0.4, "A gap: between two heaps positions are at most this share as frequent as at the lower peak.", OURS
    )
    axis_end: float = _share(0.25, "Share of the participants that makes each end of a gradual axis.", OURS)
    axis_statements: int = _number(5, "Statements named for each end of a gradual axis, at most.", OURS)
    parts_left_out: int = _threshold(
        5, "Participants are divided into so many parts; each is left out once, and all is found anew.", OURS, least=2
    )
    found_again: float = _share(
        0.85,
        "Mean overlap (Jaccard index) with its like among participants left over, from which a group is found again.",
        "Hennig 2007",
    )
    vote_draws: int = _number(
        10, "How many times each participant's votes are drawn anew for every part left out, for the stability.", OURS
    )
    between_groups: float = _share(0.6, "Participants whose stability lies below this stand between groups.", OURS)
    space_steps: int = _number(
        40, "Renewals of the opinion space's axes; a fixed number, so that every machine ends at the same place.", OURS
    )
    space_participants: int = _number(
        10_000, "Participants that determine the opinion space's axes, at most; all are placed on them.", OURS
    )
    label_overlap: float = _share(
        0.3, "Overlap (Jaccard index of the members seen in both) from which a group keeps its letter.", OURS
    )
    statement_folds: int = _threshold(
        4, "A statement is tested by groups made without it: statements are divided into so many folds.", OURS, least=2
    )
    false_discovery: float = _share(
        0.05, "Expected share of false ones among the representative statements (Benjamini-Hochberg).", OURS
    )
    most_representative: int = _number(5, "Representative statements listed for a group, at most.", POLIS)
    veto_share: float = _share(0.15, "Share of the grouped participants from which a group holds a veto.", OURS)
    veto_people: int = _number(10, "People from whom on a group holds a veto.", OURS)
    veto_share_verified: float = _share(
        0.05,
        "Share of the verified grouped participants from which a group's verified members hold a veto for it (and "
        "veto_people of them).",
        OURS,
    )
    fewest_votes: int = _number(20, "Below so many votes a statement has too few to be judged.", OURS)
    fewest_votes_in_group: int = _number(
        7, "Below so many votes in a group that holds a veto a statement has too few to be judged.", OURS
    )
    consensus_overall: float = _share(
        0.6, "Consensus: the lower end of the interval over everybody lies above this share.", OURS
    )
    consensus_in_each: float = _share(
        0.5, "Consensus: the lower end of the interval in each group that holds a veto lies above this share.", OURS
    )
    consensus_across: float = _share(
        0.6, "Consensus: the geometric mean of the shares in the groups that hold a veto lies above this.", OURS
    )
    contested_above: float = _share(
        0.5,
        "Contested: one group that holds a veto has its lower end of agreement above this share, another its lower end "
        "of disagreement.",
        OURS,
    )
    dissent_people: int = _number(
        10, "Below so many people a group without a veto is named with its leaning, but without counts.", OURS
    )
    dissent_votes: int = _number(3, "Votes from which the leaning of a group without a veto is told.", OURS)
    flip_factor: float = _threshold(
        1.5,
        "The number of coordinated participants who flip a statement, groups held fixed, is divided by this, since "
        "fakes also move groups; benchmarks/manipulation.py measures it.",
        OURS,
        least=1,
        most=2,
    )
    fragile_share: float = _share(
        0.01, "A statement that fewer than this share of the grouped participants could flip is called fragile.", OURS
    )
    alike_votes: int = _number(
        20, "Shared votes from which two participants are compared for being nearly identical.", OURS
    )
    alike_share: float = _share(0.95, "Near-identical: at least this share of the shared votes is the same.", OURS)
    alike_bits: float = _threshold(
        10.0,
        "Near-identical: the shared answers are so rare together, in bits beyond the logarithm of the number of pairs, "
        "that chance does not explain them (10: one conversation in a thousand would have one such pair by chance).",
        OURS,
    )
    alike_compared: int = _number(
        5000, "So many participants, the most active, are compared pair by pair; of the others only equal votes.", OURS
    )
    straight_votes: int = _number(20, "Straight-lining: one and the same answer on at least so many statements.", OURS)
    burst_minutes: float = _threshold(10.0, "Burst: first votes within so many minutes are counted together.", OURS)
    burst_people: int = _number(20, "Burst: at least so many participants began within that time.", OURS)
    burst_times: float = _threshold(
        20.0, "Burst: and so many times more than the day around it would let expect.", OURS, least=1
    )
    bridging_intercepts: float = _threshold(
        0.15, "Bridging score: how strongly intercepts, of statements and of participants, are held near 0.", NOTES
    )
    bridging_factors: float = _threshold(
        0.03, "Bridging score: how strongly the two sides are held near 0; less, so that they explain first.", NOTES
    )
    bridging_steps: int = _number(
        100,
        "Bridging score: renewals of its figures; a fixed number, so that every machine ends at the same place.",
        OURS,
    )
    bridging_participants: int = _number(10_000, "Participants the bridging score is computed from, at most.", OURS)
    weight_cap: float = _threshold(
        5.0,
        "No vote or participant weighs more than this many times the mean weight.",
        "DeBell and Krosnick 2009",
        least=1,
    )
    ranking_resamples: int = _number(
        1000, "Resamples of the participants from which the interval of a response's place is read.", OURS
    )
    ranking_splits: int = _number(
        200, "Random halvings of the participants over which the agreement ceiling is averaged.", OURS
    )
    random_share: float = _threshold(
        0.2,
        "Share of the statements shown that is drawn uniformly, whatever the need for votes.",
        OURS,
        least=0.2,
        most=1,
    )
    routing_draws: int = _number(
        64, "Futures drawn for each statement to see whether more votes would change its class.", OURS
    )
    routing_crowd: float = _threshold(
        2.0, "How many times as many people as took part so far are imagined to vote on a statement.", OURS, least=1
    )
    settled_below: float = _share(
        0.05, "A class that would change with a lower probability, had they all voted, counts as settled.", OURS
    )
    fewest_grouped: int = _number(
        15,
        "Classic: where fewer participants have that many votes, the most active are added up to this number.",
        POLIS,
    )
    base_clusters: int = _number(
        100,
        "Classic: participants of nearly the same position are first merged into at most this many base clusters.",
        POLIS,
    )
    grid_from: int = _number(
        10_000,
        "Classic: from so many grouped participants on, those in one cell of a grid are merged before that.",
        OURS,
    )
    grid_cells: int = _number(64, "Classic: cells of this grid along each of its two sides.", OURS)
    fewest_groups: int = _number(2, "Classic: smallest number of opinion groups that is tried.", POLIS)
    most_groups: int = _number(5, "Classic: largest number of opinion groups that is tried.", POLIS)
    base_clusters_a_group: int = _number(
        12, "Classic: one more group may be tried for every so many base clusters, beyond the smallest number.", POLIS
    )
    clustering_starts: int = _number(
        20,
        "Classic: random starts of each clustering, from a fixed seed, beside the starts that are spread by rule.",
        OURS,
    )
    representative_z: float = _threshold(
        1.2816,
        "Classic: both test values that a representative or majority statement must exceed (one-sided 90 %).",
        POLIS,
    )
    most_polis_consensus: int = _number(
        5, "Classic: statements in each of Polis's two consensus lists, at most.", POLIS
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            _check_range(each, getattr(self, each.name))
        if self.fewest_groups > self.most_groups:
            raise ParameterError(f"fewest_groups ({self.fewest_groups}) lies above most_groups ({self.most_groups})")

    def as_dict(self) -> dict[str, int | float]:
        """The thresholds by name, as they stand in the result."""
        return asdict(self)


def meanings() -> Iterator[Meaning]:
    """What each threshold means, in the order of the method."""
    for each in fields(Parameters):
        yield Meaning(each.name, each.default, each.metadata["meaning"], each.metadata["source"])  # type: ignore[arg-type]  # set by _threshold


def _check_range(threshold: Field[Any], value: object) -> None:
    least, most = threshold.metadata["least"], threshold.metadata["most"]
    wanted = (int,) if isinstance(threshold.default, int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted) or not least <= value <= most:
        span = f"from {least}" + (f" to {most}" if most != float("inf") else "")
        raise ParameterError(f"{threshold.name} is {value!r}; it must be a {wanted[-1].__name__} {span}")
