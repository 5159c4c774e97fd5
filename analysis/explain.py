"""The arithmetic behind a statement's class, number by number, from a stored result alone."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import prod
from textwrap import shorten

from analysis.consensus import Leaning, StatementClass
from analysis.intervals import Estimate, normal_quantile
from analysis.moments import Direction, Tally
from analysis.parameters import Parameters
from analysis.result import Analysis, Group, Statement
from analysis.robustness import Flip, Way

_FOR = {"agree": "for it", "disagree": "against it"}
_CLASSES = {
    StatementClass.CONSENSUS_AGREE: "consensus for it",
    StatementClass.CONSENSUS_DISAGREE: "consensus against it",
    StatementClass.CONTESTED: "contested",
    StatementClass.UNCERTAIN: "uncertain",
    StatementClass.TOO_FEW: "too few votes",
}
_LEANINGS = {
    Leaning.AGREE: "leans agree",
    Leaning.DISAGREE: "leans disagree",
    Leaning.DIVIDED: "divided",
    Leaning.TOO_FEW: "too few votes to lean",
}


@dataclass(frozen=True)
class _Case:
    """A statement with what decides about it. holders: the groups with a veto, and the votes that speak for each."""

    analysis: Analysis
    statement: Statement
    parameters: Parameters
    holders: dict[str, Tally]

    def named(self, letter: str) -> str:
        """A group that holds a veto, by whose votes it speaks."""
        is_verified = letter in (self.statement.verified_by_group or {})
        return f"group {letter}, verified members" if is_verified else f"group {letter}"

    @property
    def grouped(self) -> int:
        return self.analysis.participants.grouped


def explain(analysis: Analysis, statement: str) -> str:
    """How this statement came by its class, as lines of plain text. Raises KeyError where the result lists none such.

    Each line of arithmetic has the numbers filled in, the outcome behind "=", and the threshold it is held to.
    """
    found = analysis.statement(statement)
    names = {each.name for each in fields(Parameters)}
    parameters = Parameters(**{name: value for name, value in analysis.parameters.items() if name in names})
    speaking = {**found.by_group, **(found.verified_by_group or {})}
    holders = {each.id: speaking[each.id] for each in analysis.groups if each.holds_veto}
    case = _Case(analysis, found, parameters, holders)
    return "\n".join([*_head(case), "", *_votes(case), "", *_conditions(case), "", *_outcome(case), "", *_flip(case)])


def _head(case: _Case) -> Iterator[str]:
    structure = case.analysis.structure
    text = f": {shorten(case.statement.text, 200)}" if case.statement.text else ""
    yield f"Statement {case.statement.id}{text}"
    yield f"Class: {_CLASSES[case.statement.kind]}"
    yield f"Judged by: {structure.classes_by} (verdict on structure: {structure.verdict})"


def _votes(case: _Case) -> Iterator[str]:
    yield "Votes (all = agree + disagree + pass)"
    yield f"  everybody: {_added(case.statement.everybody)}"
    for group in case.analysis.groups:
        yield f"  group {group.id}: {_told(case, group)}; {_standing(case, group)}"
        if group.id in (case.statement.verified_by_group or {}):
            yield f"  {case.named(group.id)}: {_added(case.holders[group.id])}"


def _told(case: _Case, group: Group) -> str:
    """A group's votes; of few people without a veto only which way they lean."""
    least = case.parameters.dissent_people
    if group.holds_veto or group.size >= least:
        return _added(case.statement.by_group[group.id])
    (leaning,) = (each.leaning for each in case.statement.dissent if each.group == group.id)
    return f"under {least} people, {_LEANINGS[leaning]}"


def _added(tally: Tally) -> str:
    return f"{tally.votes} = {tally.agree} + {tally.disagree} + {tally.passed}"


def _standing(case: _Case, group: Group) -> str:
    """Whether it holds a veto, and by which numbers."""
    least, people = case.parameters.veto_share, case.parameters.veto_people
    if group.size < case.parameters.dissent_people and not group.holds_veto:
        return "too small for a veto, so it decides nothing"
    share = group.size / case.grouped
    is_large = group.size >= least * case.grouped and group.size >= people
    size = f"{group.size} of {case.grouped} grouped people = {share:.4f}"
    if is_large:
        return f"{size}, at least {least:g} and at least {people} people: holds a veto"
    if group.holds_veto:
        return f"{size}, below {least:g}, but holds a veto by its verified members, who alone speak for it"
    return f"{size}, not at least {least:g} and {people} people: holds no veto, so it decides nothing"


def _conditions(case: _Case) -> Iterator[str]:
    yield from _enough(case)
    if case.statement.meta:
        yield "It is about the participants themselves, so it is neither consensus nor contested."
        return
    directions: tuple[Direction, ...] = ("agree", "disagree")
    for direction in directions:
        yield f"Consensus {_FOR[direction]}: all of these"
        yield from _consensus(case, direction)
    yield "Contested: one group with a veto has the lower end of agreement above the threshold, another of disagreement"
    yield from _contested(case)


def _enough(case: _Case) -> Iterator[str]:
    parameters = case.parameters
    yield "Enough votes: all of these"
    votes = case.statement.everybody.votes
    yield f"  everybody: {votes} >= {parameters.fewest_votes}: {_yes(votes >= parameters.fewest_votes)}"
    for letter, tally in case.holders.items():
        is_met = tally.votes >= parameters.fewest_votes_in_group
        yield f"  {case.named(letter)}: {tally.votes} >= {parameters.fewest_votes_in_group}: {_yes(is_met)}"


def _consensus(case: _Case, direction: Direction) -> Iterator[str]:
    parameters = case.parameters
    yield _lower_end("everybody", case.statement.everybody, direction, parameters.consensus_overall, parameters)
    if not case.holders:
        yield "  no group holds a veto, so this condition decides alone"
        return
    shares = [(getattr(each, direction) + 1, each.votes + 2) for each in case.holders.values()]
    factors = " x ".join(f"{hits}/{votes}" for hits, votes in shares)
    mean = case.statement.consensus_agree if direction == "agree" else case.statement.consensus_disagree
    value = mean.value if mean.value is not None else prod(hits / votes for hits, votes in shares) ** (1 / len(shares))
    yield (
        f"  across groups: ({factors})^(1/{len(shares)}) = {value:.6f} > {parameters.consensus_across:g}: "
        f"{_yes(value > parameters.consensus_across)}"
    )
    for letter, tally in case.holders.items():
        yield _lower_end(case.named(letter), tally, direction, parameters.consensus_in_each, parameters)


def _contested(case: _Case) -> Iterator[str]:
    threshold, parameters = case.parameters.contested_above, case.parameters
    if not case.holders:
        yield "  no group holds a veto"
    for letter, tally in case.holders.items():
        yield _lower_end(f"{case.named(letter)}, agree", tally, "agree", threshold, parameters)
        yield _lower_end(f"{case.named(letter)}, disagree", tally, "disagree", threshold, parameters)


def _lower_end(name: str, tally: Tally, direction: Direction, threshold: float, parameters: Parameters) -> str:
    """Wilson's lower end with the numbers filled in: (k + z²/2 - z √(k (n - k)/n + z²/4)) / (n + z²)."""
    hits, votes = getattr(tally, direction), tally.votes
    low = _share(tally, direction).low
    outcome = f"{low:.6f} > {threshold:g}: {_yes(low > threshold)}"
    lead = f"  {name}: lower end of {hits} of {votes} = "
    if hits == 0:
        return lead + outcome
    z = f"{normal_quantile(parameters.confidence):.6f}"
    root = f"{hits} x {votes - hits}/{votes} + {z}²/4"
    return f"{lead}({hits} + {z}²/2 - {z} x √({root})) / ({votes} + {z}²) = {outcome}"


def _share(tally: Tally, direction: Direction) -> Estimate:
    return tally.agree_share if direction == "agree" else tally.disagree_share


def _outcome(case: _Case) -> Iterator[str]:
    kind = case.statement.kind
    if kind is StatementClass.TOO_FEW:
        yield "So there are too few votes to judge it; whatever else holds."
    elif kind is StatementClass.CONTESTED:
        yield "So it is contested: neither consensus holds, and one group is for it, another against."
    elif kind is StatementClass.UNCERTAIN:
        yield "So it is uncertain: none of these holds in full."
        for direction in _FOR if not case.statement.meta else ():
            failing = [line.split(": ")[0].strip() for line in _consensus(case, direction) if line.endswith(": no")]  # type: ignore[arg-type]  # the keys are directions
            yield f"  {_FOR[direction]} it fails with: {', '.join(failing)}"
    else:
        yield f"So it is {_CLASSES[kind]}: every condition holds."


def _flip(case: _Case) -> Iterator[str]:
    flip = case.statement.flip
    if flip.closed_form is None or flip.way is None:
        yield "Robustness: no number of coordinated participants flips it."
        return
    into = f"make it {_CLASSES[flip.into]}" if flip.into else "take its consensus away"
    yield f"Robustness: coordinated participants who would {into}"
    yield f"  with the groups held fixed: {flip.closed_form} ({_ways(flip)})"
    factor = case.parameters.flip_factor
    yield f"  divided by {factor:g}, since fakes move groups too: {flip.count}"
    people = case.grouped or case.analysis.structure.placed or case.analysis.participants.total
    least = case.parameters.fragile_share
    yield f"  fragile, fewer than {least:g} x {people} = {least * people:.2f}: {_yes(flip.is_fragile)}"


def _ways(flip: Flip) -> str:
    return {
        Way.EVERYBODY: "by their weight on everybody's share",
        Way.GROUP: f"by joining group {flip.group}",
        Way.ACROSS: "spread over the groups that hold a veto",
        Way.JOINED: f"by lifting the small group {flip.group} to a veto",
        Way.FOUNDED: "by founding a group of their own that holds a veto",
        Way.OUTGROWN: f"by outgrowing group {flip.group}, which then holds no veto",
    }[flip.way or Way.EVERYBODY]


def _yes(is_met: bool) -> str:
    return "yes" if is_met else "no"
