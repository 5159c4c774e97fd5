"""flask serve: the service itself; flask config: what it runs with."""

import os

import click
from flask import current_app
from sqlalchemy import text

from deliberation.db.session import db
from deliberation.operations import serving
from deliberation.settings import Settings
from deliberation.web import console

SECRET = {"secret_key", "database_url"}

cli = console.Group("config", help="What the service runs with.")


@console.command("serve")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
def serve(port: int, host: str) -> None:
    """Serve the database until interrupted, and analyse new votes every few seconds.

    Links that are printed or sent begin with DELIBERATION_PUBLIC_URL.
    """
    serving.check_port(host, port)
    db.session.execute(text("SELECT 1 FROM deliberation LIMIT 1"))
    db.session.close()
    console.say(f"Serving http://{host}:{port}; Ctrl-C ends it")
    serving.serve(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]  # the app behind the proxy


@cli.command("show")
@console.json_option
def show(as_json: bool) -> None:
    """List every setting, its value, where it comes from and what it means. Secrets are not printed."""
    settings: Settings = current_app.extensions["settings"]
    rows = {name: _row(settings, name) for name in Settings.model_fields}
    lines = [f"{row['variable']}={row['value']}  ({row['source']})  {row['meaning']}" for row in rows.values()]
    console.answer({"settings": rows}, as_json, "\n".join(lines))


def _row(settings: Settings, name: str) -> dict[str, str]:
    variable = f"DELIBERATION_{name.upper()}"
    value = getattr(settings, name)
    return {
        "variable": variable,
        "value": "(set)" if name in SECRET and value else str(value),
        "source": "environment" if variable in os.environ else "default",
        "meaning": Settings.model_fields[name].description or "",
    }
