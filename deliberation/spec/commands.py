"""flask spec: releases of a Model Spec."""

import sys
from pathlib import Path
from typing import Any

import click

from deliberation.db.session import db, transaction
from deliberation.spec.importing import SpecFile, read_spec, store_release
from deliberation.spec.models import Release
from deliberation.spec.reading import release_labelled
from deliberation.web import console

cli = console.Group("spec", help="Releases of a Model Spec.")


@cli.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--label", required=True, help="The name of the release, such as 2025-12-18.")
@console.json_option
def import_(path: Path, label: str, as_json: bool) -> None:
    """Import a Markdown file (or the folder that holds model_spec.md), with examples/ where it lies beside it."""
    spec = read_spec(path)
    with transaction() as session:
        release = store_release(session, spec, label)
    console.answer(_figures(release, spec), as_json, _summary(release, spec))


@cli.command("show")
@click.argument("label")
def show(label: str) -> None:
    """Print the stored text, byte for byte."""
    sys.stdout.buffer.write(release_labelled(db.session, label).data)
    sys.stdout.buffer.flush()


def _figures(release: Release, spec: SpecFile) -> dict[str, Any]:
    document = spec.document
    return {
        "label": release.label,
        "sha256": release.sha256,
        "sections": len(document.sections),
        "examples": len(document.examples),
        "comparisons": sum(len(example.comparisons) for example in document.examples),
        "footnotes": len(document.footnotes),
        "evaluation_prompts": len(spec.evaluation_prompts),
        "authority": {level or "none": count for level, count in document.authority_counts().items()},
    }


def _summary(release: Release, spec: SpecFile) -> str:
    figures = _figures(release, spec)
    levels = ", ".join(f"{count} {level}" for level, count in figures["authority"].items())
    sections = console.counted(figures["sections"], "section")
    others = [
        console.counted(figures[name], name.removesuffix("s").replace("_", " "))
        for name in ("examples", "comparisons", "footnotes", "evaluation_prompts")
    ]
    return f"Imported '{release.label}': {sections} ({levels}), {', '.join(others)}"
