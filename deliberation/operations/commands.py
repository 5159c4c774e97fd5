"""flask config: what the service runs with."""

import os

from flask import current_app

from deliberation.settings import Settings
from deliberation.web import console

SECRET = {"secret_key", "database_url"}

cli = console.Group("config", help="What the service runs with.")


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
