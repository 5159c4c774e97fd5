"""flask demo: a running service with sample content."""

import logging

import click
from flask import current_app

from deliberation.accounts.models import Role
from deliberation.accounts.signing_in import create_account, make_login_link
from deliberation.db.session import db, transaction
from deliberation.demo import filling, starting_over
from deliberation.operations import serving
from deliberation.web import console

MAINTAINER = "maintainer@example.org"


@console.command("demo")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--reset", is_flag=True, help="Start over: the database file is set aside and a new one filled.")
def demo(port: int, host: str, reset: bool) -> None:
    """Migrate the database, fill it with sample content where it has none, and serve it until interrupted."""
    serving.check_port(host, port)
    settings = current_app.extensions["settings"]
    if reset:
        kept = starting_over.set_database_aside(db.engine)
        console.say(f"Started over; what was there is kept as {kept}" if kept else "Nothing to start over from")
    console.say("Preparing the database")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    current_app.extensions["alembic"].upgrade()
    filling.fill(console.say)
    with transaction() as session:
        account = create_account(session, MAINTAINER, Role.ADMIN)
        token = make_login_link(session, account, settings.login_hours)
    base = f"http://{host}:{port}"
    console.say("")
    console.say(f"  take part    {base}/d/{filling.SLUG}")
    console.say(f"  results      {base}/d/{filling.SLUG}/results")
    console.say(f"  maintain     {base}/login/{token}   (works once)")
    console.say("")
    console.say("Ctrl-C ends it; the data stays. This demo shows all results at once.")
    serving.serve(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]  # the app behind the proxy
