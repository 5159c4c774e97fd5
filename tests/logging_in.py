"""Logging in as tests do: through the command and the page that a maintainer uses."""

import json
import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.test import TestResponse


def login_path(runner: FlaskCliRunner, role: str = "admin", *options: str) -> str:
    """The path of a fresh login link."""
    result = runner.invoke(args=["user", "create", f"{role}@example.org", "--role", role, "--json", *options])
    assert result.exit_code == 0, result.stderr
    return urlsplit(json.loads(result.stdout)["login"]).path


def log_in(client: FlaskClient, path: str) -> TestResponse:
    """Open the link and press its button."""
    return client.post(path, data={"csrf_token": csrf_token(client, path)})


def csrf_token(client: FlaskClient, path: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]
