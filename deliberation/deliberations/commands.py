"""flask deliberation, flask statements: deliberations from a file, opened and closed; statements placed by hand."""

from pathlib import Path

import click
from sqlalchemy import func, select

from deliberation.db.session import transaction
from deliberation.deliberations import opening
from deliberation.deliberations.models import Prompt, Statement
from deliberation.deliberations.yaml_files import read_definition
from deliberation.web import console

cli = console.Group("deliberation", help="Deliberations: create, open, close.")
statements_cli = console.Group("statements", help="Statements of a deliberation.")


@cli.command("create")
@click.argument("file", type=click.Path(path_type=Path))
@console.json_option
def create(file: Path, as_json: bool) -> None:
    """Create a deliberation from a YAML file; it is not open yet.

    Its keys are title, slug, description, language, spec (the label of a release), sections (ids), stop_after (votes
    after which people are asked whether to go on; 20) and prompts; only title is needed. Each prompt has messages
    (role, content), or example (the title of an example of the spec), or evaluation (<focus>/<n>); and title, section,
    responses (id, text), statements (id, text, response, section, language).
    """
    definition = read_definition(file)
    with transaction() as session:
        deliberation = opening.create(session, definition)
        slug = deliberation.slug
        prompts, statements = (
            session.scalar(select(func.count()).select_from(model).where(model.deliberation_id == deliberation.id))
            for model in (Prompt, Statement)
        )
    value = {"deliberation": slug, "prompts": prompts, "statements": statements}
    counts = f"{console.counted(prompts or 0, 'prompt')} and {console.counted(statements or 0, 'statement')}"
    summary = f"Created '{slug}' with {counts}; open it: flask deliberation open {slug}"
    console.answer(value, as_json, summary)


@cli.command("open")
@click.argument("slug")
def open_(slug: str) -> None:
    """Let people vote, also again after closing."""
    with transaction() as session:
        opening.open_(session, slug)
    console.say(f"'{slug}' is open")


@cli.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Accept no more votes; results stay readable."""
    with transaction() as session:
        opening.close(session, slug)
    console.say(f"'{slug}' is closed")


@statements_cli.command("place")
@click.argument("slug")
@click.argument("statement")
@click.argument("section")
def place(slug: str, statement: str, section: str) -> None:
    """Tie a statement to a section of the spec by hand."""
    with transaction() as session:
        opening.place(session, slug, statement, section)
    console.say(f"Statement {statement} of '{slug}' concerns the section '{section}'")
