"""flask analyse: the analysis of a deliberation."""

import click

from analysis.result import Analysis
from deliberation.db.session import db
from deliberation.results.findings import count_classes
from deliberation.results.models import Run
from deliberation.results.publishing import as_written, visible
from deliberation.results.running import run
from deliberation.web import console


@console.command("analyse")
@click.argument("slug")
@click.option("--method", help="How groups are found; without it the default method.")
@console.json_option
def analyse(slug: str, method: str | None, as_json: bool) -> None:
    """Analyse the votes on deliberation SLUG as they stand, and keep the result for its page.

    With --json the result itself, analysis/1. The same votes are not analysed twice.
    """
    finished = run(slug, method)
    shown = visible(db.session, finished)
    if as_json:
        click.echo(as_written(finished, shown), nl=False)
    else:
        console.say(_summary(slug, finished, shown))


def _summary(slug: str, finished: Run, shown: Analysis) -> str:
    groups = ", ".join(f"{group.id} {group.size}" for group in shown.groups) or "none"
    classes = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in count_classes(shown).items())
    votes = sum(each.everybody.votes for each in shown.statements)
    return (
        f"'{slug}', method {shown.method}: {console.counted(shown.participants.total, 'participant')}, "
        f"{console.counted(votes, 'vote')}\n"
        f"groups: {groups} ({shown.participants.total - shown.participants.grouped} in none)\n"
        f"statements: {classes}\n"
        f"votes' digest {finished.digest}"
    )
