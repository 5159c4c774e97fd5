"""`flask amendments`: suggest drafts from consensus, and export the series."""

from pathlib import Path

import click

from deliberation.amendments.export.folder import write
from deliberation.amendments.exporting import RECORD, export
from deliberation.amendments.suggesting import Suggested, consider, keep
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.errors import Conflict
from deliberation.results.running import latest_shown
from deliberation.web import console

cli = console.Group("amendments", help="From consensus to amendments of the spec.")


@cli.command("suggest")
@click.argument("slug")
@console.json_option
def suggest_command(slug: str, as_json: bool) -> None:
    """Draft what the newest analysis of SLUG found agreed. Again, it adds no second draft of the same."""
    run = latest_shown(db.session, deliberation_named(db.session, slug).id)
    if run is None:
        raise Conflict(f"'{slug}' has not been analysed yet", hint=f"flask analyse {slug}")
    considered = consider(db.session, run)
    with transaction() as session:
        suggested = keep(session, considered)
    console.answer(suggested.answer(), as_json, _summary(suggested))


@cli.command("export")
@click.argument("slug")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to."
)
@click.option("--drafts", "with_drafts", is_flag=True, help="Drafts too, marked as such.")
@console.json_option
def export_command(slug: str, folder: Path, with_drafts: bool, as_json: bool) -> None:
    """Write the amendments of SLUG as patches for `git am`, with a report and a record."""
    exported = export(db.session, deliberation_named(db.session, slug), with_drafts=with_drafts)
    files = write(folder, exported.files, RECORD)
    summary = (
        f"{console.counted(len(exported.amendments), 'amendment')}, {console.counted(len(files), 'file')} in {folder}"
    )
    if not exported.amendments and not with_drafts:
        summary += "; nothing is approved yet, --drafts exports drafts too"
    console.answer({"files": [file.name for file in files], "amendments": exported.amendments}, as_json, summary)


def _summary(suggested: Suggested) -> str:
    counts = {name.replace("_", " "): len(entries) for name, entries in suggested.answer().items()}
    return ", ".join(f"{name} {count}" for name, count in counts.items())
