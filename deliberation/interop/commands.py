"""flask import: what other systems have exported."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from analysis.csv_rows import FileRefused, Finding, Progress
from analysis.polis_files import PolisExport, read_export
from deliberation.db.session import transaction
from deliberation.errors import ImportRefused
from deliberation.interop.loading import part
from deliberation.interop.polis import Imported, import_export
from deliberation.spec.reading import release_labelled
from deliberation.web import console

_MOST_LISTED = 20
_STEPS = 1000  # of the bar
_READING = 0.4  # of the time, roughly

cli = console.Group("import", help="Import what other systems have exported.")


@cli.command("polis")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--slug", help="The deliberation's name in addresses; without it the topic gives one.")
@click.option("--spec", "label", help="The release of the spec that it is about.")
@click.option("--language", metavar="CODE", help="Of the statements; without it what their script tells, else en.")
@click.option("--strict", is_flag=True, help="Import nothing if a single row does not fit.")
@console.json_option
def polis(folder: Path, slug: str | None, label: str | None, language: str | None, strict: bool, as_json: bool) -> None:
    """Import a Polis export: comments.csv, votes.csv or participant-votes.csv, and summary.csv if it is there.

    The deliberation is closed, so that nobody votes on an old question; `flask deliberation open SLUG` opens it.
    """
    with _bar() as progress:
        export = _read(folder, part(progress, 0, _READING))
        with transaction() as session:
            release = release_labelled(session, label) if label else None
            imported = import_export(
                session,
                export,
                slug=slug,
                release=release,
                language=language,
                strict=strict,
                progress=part(progress, _READING, 1),
            )
    _list("left out", export.skipped)
    _list("differs", export.differences)
    found = {"skipped": export.skipped, "differences": export.differences}
    lists = {name: [asdict(finding) for finding in findings] for name, findings in found.items()}
    console.answer(asdict(imported) | lists, as_json, _summary(imported, export))


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A progress bar, where somebody is watching."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=_STEPS, label="Importing", file=sys.stderr) as bar:
        yield lambda done: bar.update(int(done * _STEPS) - bar.pos)


def _read(folder: Path, progress: Progress | None) -> PolisExport:
    try:
        return read_export(folder, progress)
    except FileRefused as error:
        raise ImportRefused(error.message, file=str(error.path), line=error.line) from None


def _list(what: str, findings: Iterable[Finding]) -> None:
    findings = list(findings)
    for finding in findings[:_MOST_LISTED]:
        console.say(f"{finding.file}:{finding.line}: {what}: {finding.reason}")
    if len(findings) > _MOST_LISTED:
        console.say(f"and {len(findings) - _MOST_LISTED} more; --json lists all of them")


def _summary(imported: Imported, export: PolisExport) -> str:
    left_out = f"; {console.counted(len(export.skipped), 'row')} left out" if export.skipped else ""
    counts = ", ".join(
        console.counted(getattr(imported, f"{thing}s"), thing) for thing in ("statement", "participant", "vote")
    )
    cast = f"{console.counted(imported.events, 'vote')} cast"
    return f"Imported '{imported.deliberation}': {counts}, {cast}{left_out}. It is closed to new votes."
