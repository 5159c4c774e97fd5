"""flask serve: the service on a database of one's own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from tests.results.deliberated import deliberate

CHECKOUT = Path(__file__).parents[2]


def serve(instance: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env=os.environ | {"DELIBERATION_INSTANCE": str(instance), "DELIBERATION_DATABASE_URL": ""},
        stderr=subprocess.DEVNULL,
    )


def page_with(words: str, address: str, server: subprocess.Popen[bytes]) -> str:
    """The page, once it says this."""
    deadline = time.monotonic() + 120
    page = ""
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                page = response.read().decode()
        except OSError:
            page = ""
        if words in page:
            break
        time.sleep(0.2)
    return page


def test_a_closed_deliberation_without_a_result_gets_one(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        with transaction() as session:
            slug = deliberate(session).slug
            session.execute(sa.update(Deliberation).values(closed_at=now()))
        db.engine.dispose()
    port = a_free_port()
    server = serve(Path(sqlite_app.extensions["settings"].instance), port)
    try:
        page = page_with("Final result", f"http://127.0.0.1:{port}/d/{slug}/results", server)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)

    assert "Two of 8 statements hold in every group." in page


def test_a_database_without_tables_is_one_line_with_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "serve", "--port", str(a_free_port())],
        cwd=CHECKOUT,
        env=os.environ | {"DELIBERATION_INSTANCE": str(tmp_path), "DELIBERATION_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "flask db upgrade" in ended.stderr


def test_a_port_in_use_is_said_at_once(runner: FlaskCliRunner) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = runner.invoke(args=["serve", "--port", str(taken.getsockname()[1])])

    assert ended.exit_code == 1
    assert "choose another one: --port PORT" in ended.stderr


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
