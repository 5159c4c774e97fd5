"""flask analyse: the analysis of a deliberation."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from analysis.consensus import Majority
from analysis.csv_rows import FileRefused
from analysis.explain import explain
from analysis.margins import Population, read_population
from analysis.result import Analysis, Weighting
from deliberation.db.session import db
from deliberation.errors import NotFound
from deliberation.results.findings import count_classes
from deliberation.results.models import Run
from deliberation.results.publishing import as_written, visible
from deliberation.results.running import AnalysisRefused, run
from deliberation.web import console

_VERDICTS = {
    "none": "none; these votes are no sign of groups",
    "gradual": "gradual; opinions differ by degrees, and the groups are cuts",
    "groups": "groups, set apart from one another",
    "untested": "not tested",
}

_GAP_SHOWN = 0.001  # shares further off their margins than rounding


@console.command("analyse")
@click.argument("slug")
@click.option("--method", help="How groups are found; without it the default method.")
@click.option("explained", "--explain", metavar="STATEMENT", help="Print how this statement came by its class.")
@click.option(
    "--margins",
    type=click.Path(path_type=Path),
    help="Shares of a population (question,answer,share): results are also shown weighted to them.",
)
@click.option(
    "--answers", type=click.Path(path_type=Path), help="With --margins: who said what (participant,question,answer)."
)
@console.json_option
def analyse(
    slug: str, method: str | None, explained: str | None, margins: Path | None, answers: Path | None, as_json: bool
) -> None:
    """Analyse the votes on deliberation SLUG as they stand, and keep the result for its page.

    With --json the result itself, analysis/1. With --explain the arithmetic behind one statement's class, number by
    number; together with --json as its lines. The same votes are not analysed twice.
    """
    finished = run(slug, method, _population(margins, answers))
    shown = visible(db.session, finished)
    if explained is not None:
        lines = _explained(slug, shown, explained)
        _print(lines, explained, as_json=as_json)
    elif as_json:
        click.echo(as_written(finished, shown), nl=False)
    else:
        console.say("\n".join(_summary(slug, finished, shown)))


def _print(lines: Sequence[str], statement: str, *, as_json: bool) -> None:
    if as_json:
        console.answer({"statement": statement, "explanation": list(lines)}, as_json, "")
    else:
        click.echo("\n".join(lines))


def _population(margins: Path | None, answers: Path | None) -> Population | None:
    if margins is None and answers is None:
        return None
    if margins is None or answers is None:
        raise AnalysisRefused("--margins and --answers belong together: shares of the population, and who said what")
    try:
        return read_population(margins, answers)
    except FileRefused as error:
        raise AnalysisRefused(error.message, file=str(error.path), line=error.line) from error


def _explained(slug: str, shown: Analysis, statement: str) -> list[str]:
    try:
        return explain(shown, statement).splitlines()
    except KeyError as error:
        raise NotFound(f"the results of '{slug}' list no statement '{statement}'") from error


def _summary(slug: str, finished: Run, shown: Analysis) -> Iterator[str]:
    votes = sum(each.everybody.votes for each in shown.statements)
    people = console.counted(shown.participants.total, "participant")
    yield f"'{slug}', method {shown.method}: {people}, {console.counted(votes, 'vote')}"
    yield f"structure: {_VERDICTS[shown.structure.verdict]}"
    yield _groups(shown)
    classes = (f"{number} {kind.replace('_', ' ')}" for kind, number in count_classes(shown).items())
    yield f"statements: {', '.join(classes)} (judged by {shown.structure.classes_by})"
    if lists := shown.polis_consensus:
        yield f"Polis's own consensus: agree {_listed(lists.agree)}; disagree {_listed(lists.disagree)}"
    if shown.weighting:
        yield _weighted(shown.weighting, shown.participants.total)
    yield f"votes' digest {finished.digest}"


def _groups(shown: Analysis) -> str:
    name = "cuts" if shown.structure.verdict == "gradual" else "groups"
    sizes = ", ".join(f"{group.id} {group.size}" for group in shown.groups) or "none"
    asides = [f"{shown.participants.total - shown.participants.grouped} in none"]
    if shown.structure.between is not None:
        asides.append(f"{shown.structure.between} stand between {name}")
    return f"{name}: {sizes} ({', '.join(asides)})"


def _listed(majorities: Sequence[Majority]) -> str:
    return ", ".join(f"{each.statement} ({each.count} of {each.votes})" for each in majorities) or "none"


def _weighted(found: Weighting, people: int) -> str:
    gap = f", the margins missed by up to {found.largest_gap:.3f}" if found.largest_gap >= _GAP_SHOWN else ""
    return (
        f"also weighted to the margins: {found.answered} of {people} answered, effective sample size "
        f"{found.effective_people:.1f}, design effect {found.design_effect:.2f}, {found.trimmed} at the cap{gap}"
    )
