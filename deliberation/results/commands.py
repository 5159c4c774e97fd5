"""flask analyse: the analysis of a deliberation."""

import click

from deliberation.web import console


@console.command("analyse")
@click.argument("slug")
def analyse(slug: str) -> None:
    """Analyse a deliberation's votes."""
    console.say(slug)
