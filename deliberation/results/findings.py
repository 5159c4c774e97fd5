"""What a run says, in the order in which the results page says it: lists of statements with their bars, and charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.consensus import Dissent, StatementClass
from analysis.intervals import Estimate
from analysis.representativeness import Distinctive, Representative
from analysis.result import Analysis, Group, Statement
from analysis.robustness import Flip
from deliberation.results import charts
from deliberation.results.charts import Bar, Spread
from deliberation.results.sources import Source
from deliberation.results.spectrum import shortened

FIRST_SHOWN = 2  # statements of a class; the rest unfolds
MOST_UNFOLDED = 40  # of those that are contested or not settled; all are in the table
ROWS_SHOWN = 3  # of a class where a statement is one short row
SECTIONS_SHOWN = 6
_NAME_WIDTH = 72  # letters


@dataclass(frozen=True)
class Finding:
    """A statement as a list shows it. direction: in which its class, or else most of its votes, point."""

    id: str
    text: str
    kind: StatementClass
    is_meta: bool
    direction: str
    bars: tuple[Bar, ...]  # everyone last
    spread: Spread | None
    flip: Flip
    untold: tuple[Dissent, ...]  # groups whose counts are not shown, since they would tell of few people
    source: Source

    @property
    def name(self) -> str:
        """The beginning of the text, whole words, where a row has two lines for it."""
        return shortened(self.text, _NAME_WIDTH)


@dataclass(frozen=True)
class Classes:
    """The statements of each class, the clearest first."""

    agreed: tuple[Finding, ...]
    rejected: tuple[Finding, ...]
    contested: tuple[Finding, ...]
    uncertain: tuple[Finding, ...]
    too_few: tuple[Finding, ...]

    @property
    def total(self) -> int:
        return sum(map(len, (self.agreed, self.rejected, self.contested, self.uncertain, self.too_few)))

    @property
    def holding(self) -> int:
        """Consensus of either direction."""
        return len(self.agreed) + len(self.rejected)

    @property
    def foremost(self) -> tuple[str, ...]:
        """Ids of the clearest statement of each kind of finding, by which a chart is read."""
        return tuple(found[0].id for found in (self.agreed, self.contested, self.rejected) if found)


@dataclass(frozen=True)
class Trait:
    """A statement that tells a group apart."""

    statement: str
    text: str
    language: str
    direction: str
    share: float
    low: float
    high: float
    votes: int


@dataclass(frozen=True)
class GroupColumn:
    """A group as it is introduced; share: of those in a group."""

    id: str
    name: str
    size: int
    share: float
    holds_veto: bool
    is_cut: bool
    traits: tuple[Trait, ...]


def count_classes(analysis: Analysis) -> dict[StatementClass, int]:
    """How many statements there are of each class."""
    return {kind: sum(each.kind is kind for each in analysis.statements) for kind in StatementClass}


def classes(analysis: Analysis, sources: Mapping[str, Source]) -> Classes:
    """The findings, from the statements that the service knows."""
    found = [_finding(each, analysis, sources[each.id]) for each in _ranked(analysis.statements) if each.id in sources]

    def of(kind: StatementClass) -> tuple[Finding, ...]:
        return tuple(each for each in found if each.kind is kind)

    return Classes(
        agreed=of(StatementClass.CONSENSUS_AGREE),
        rejected=of(StatementClass.CONSENSUS_DISAGREE),
        contested=of(StatementClass.CONTESTED),
        uncertain=of(StatementClass.UNCERTAIN),
        too_few=of(StatementClass.TOO_FEW),
    )


def columns(analysis: Analysis, sources: Mapping[str, Source]) -> list[GroupColumn]:
    """The groups with what tells them apart."""
    statements = {each.id: each for each in analysis.statements if each.id in sources}
    return [
        GroupColumn(
            id=group.id,
            name=name_of(group),
            size=group.size,
            share=group.size / max(analysis.participants.grouped, 1),
            holds_veto=group.holds_veto,
            is_cut=group.cut,
            traits=tuple(_traits(group, statements, sources)),
        )
        for group in analysis.groups
    ]


@dataclass(frozen=True)
class End:
    """One end of a gradual scale: how many people it is made of, and what they say that the other end does not."""

    people: int
    traits: tuple[Trait, ...]


def ends(analysis: Analysis, sources: Mapping[str, Source]) -> tuple[End, ...]:
    """The two ends, low first; nothing where differences are not gradual."""
    axis = analysis.structure.axis
    statements = {each.id: each for each in analysis.statements if each.id in sources}
    return tuple(
        End(
            end.people,
            tuple(
                _told(
                    statements[each.statement], sources[each.statement].language, each.direction, each.share, each.votes
                )
                for each in end.statements
                if each.statement in statements
            ),
        )
        for end in ((axis.low, axis.high) if axis else ())
    )


@dataclass(frozen=True)
class Further:
    """Which figures stand beside the plain shares in this result."""

    weighted: bool
    exposure: bool
    random_sample: bool
    importance: bool
    apart: int  # statements whose random sample differs from the whole by more than chance


def further(analysis: Analysis) -> Further:
    """What the table of all statements shows besides votes; a result has each for all its statements or for none."""
    first = analysis.statements[0] if analysis.statements else None
    return Further(
        weighted=first is not None and first.weighted is not None,
        exposure=first is not None and first.exposure is not None,
        random_sample=first is not None and first.random_sample is not None,
        importance=first is not None and first.importance is not None,
        apart=sum(each.random_sample is not None and each.random_sample.is_apart for each in analysis.statements),
    )


def reach(groups: Sequence[GroupColumn]) -> str:
    """What a consensus reaches: "all" groups, the "large" ones where some hold no veto, "none" without any veto."""
    holders = sum(group.holds_veto for group in groups)
    return "none" if not holders else "all" if holders == len(groups) else "large"


def name_of(group: Group) -> str:
    """The name somebody gave to a group; nothing where it has only its letter."""
    return "" if group.label == f"Group {group.id}" else group.label


def _traits(group: Group, statements: Mapping[str, Statement], sources: Mapping[str, Source]) -> list[Trait]:
    traits = [
        _trait(each, statements[each.statement], group.id, sources[each.statement].language)
        for each in group.representative
        if each.statement in statements
    ]
    return sorted(traits, key=lambda trait: trait.direction)  # those it agrees with first


def _trait(each: Representative | Distinctive, statement: Statement, group: str, language: str) -> Trait:
    tally = statement.by_group[group]
    # What a group agrees on most is listed for that, even where Polis's rule of direction says otherwise.
    direction = "agree" if isinstance(each, Representative) and each.best_agree else each.direction
    share = tally.agree_share if direction == "agree" else tally.disagree_share
    return _told(statement, language, direction, share, tally.votes)


def _told(statement: Statement, language: str, direction: str, share: Estimate, votes: int) -> Trait:
    return Trait(
        statement=statement.id,
        text=statement.text or "",
        language=language,
        direction=direction,
        share=share.value or 0.0,
        low=share.low,
        high=share.high,
        votes=votes,
    )


def _finding(statement: Statement, analysis: Analysis, source: Source) -> Finding:
    direction = _direction(statement)
    return Finding(
        id=statement.id,
        text=statement.text or "",
        kind=statement.kind,
        is_meta=statement.meta,
        direction=direction,
        bars=tuple(_bars(statement, analysis, direction)),
        spread=charts.spread(statement),
        flip=statement.flip,
        untold=tuple(each for each in statement.dissent if each.votes is None),
        source=source,
    )


def _direction(statement: Statement) -> str:
    if statement.kind is StatementClass.CONSENSUS_AGREE:
        return "agree"
    if statement.kind is StatementClass.CONSENSUS_DISAGREE:
        return "disagree"
    return "agree" if statement.everybody.agree >= statement.everybody.disagree else "disagree"


def _bars(statement: Statement, analysis: Analysis, direction: str) -> Iterable[Bar]:
    """A row a group, each with the line that its lower end has to pass, and everyone.

    Where groups differ, each row points where its group leans. A group without a veto decides nothing, and has no line.
    """
    contested = statement.kind is StatementClass.CONTESTED
    line = analysis.parameters["contested_above" if contested else "consensus_in_each"]
    for group in analysis.groups:
        if group.id not in statement.by_group:
            continue  # its count would tell of few people
        tally = statement.by_group[group.id]
        leaning = "agree" if tally.agree >= tally.disagree else "disagree"
        yield charts.bar(
            tally,
            group.id,
            name_of(group),
            leaning if contested else direction,
            line if group.holds_veto else None,
            is_cut=group.cut,
        )
    overall = None if contested else analysis.parameters["consensus_overall"]
    yield charts.bar(statement.everybody, None, "", direction, overall)


def _ranked(statements: Sequence[Statement]) -> list[Statement]:
    return sorted(statements, key=_clearness, reverse=True)


def _clearness(statement: Statement) -> tuple[float, int]:
    """What a class is sorted by: how far consensus holds, how far apart groups stand, how near a verdict is."""
    if statement.kind is StatementClass.CONTESTED:
        apart = charts.spread(statement)
        return (apart.high - apart.low if apart else 0.0), statement.everybody.votes
    if statement.kind is StatementClass.TOO_FEW:
        return float(statement.everybody.votes), 0
    across = (statement.consensus_agree, statement.consensus_disagree)
    overall = (statement.everybody.agree_share, statement.everybody.disagree_share)
    values = [one.value if one.value is not None else other.low for one, other in zip(across, overall, strict=True)]
    return max(values), statement.everybody.votes
