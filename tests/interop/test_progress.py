"""The import shows how far it is, to whoever watches: on standard error, and only where that is a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.polis_folders import a_folder, comments, votes

CHECKOUT = Path(__file__).parents[2]


def command(app: Flask, folder: Path) -> tuple[list[str], dict[str, str]]:
    export = a_folder(folder / "export", comments=comments(), votes=votes((1, "1", "a", 1)))
    instance = str(app.extensions["settings"].instance)
    return (
        [sys.executable, "-m", "flask", "import", "polis", str(export), "--slug", "roads", "--json"],
        os.environ | {"DELIBERATION_INSTANCE": instance, "DELIBERATION_DATABASE_URL": "", "TERM": "xterm"},
    )


def test_a_progress_bar_stands_on_a_terminal_and_the_answer_stays_clean(sqlite_app: Flask, tmp_path: Path) -> None:
    arguments, environment = command(sqlite_app, tmp_path)
    ours, theirs = pty.openpty()

    ended = subprocess.run(arguments, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    seen = _all_of(ours)

    assert ended.returncode == 0, seen
    assert "Importing" in seen
    assert "100%" in seen
    assert ended.stdout.lstrip().startswith(b"{")


def test_where_nobody_watches_there_is_no_bar(sqlite_app: Flask, tmp_path: Path) -> None:
    arguments, environment = command(sqlite_app, tmp_path)

    ended = subprocess.run(arguments, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert "Importing" not in ended.stderr


def _all_of(terminal: int) -> str:
    """What was written to the terminal until its other end was closed."""
    read = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux's way to say that it has ended
            break
        if not piece:
            break
        read += piece
    os.close(terminal)
    return read.decode()
