"""The built package carries all it needs: installed elsewhere, it runs the demo."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_two_packages_and_nothing_else_at_its_top(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"deliberation", "analysis"}
    for needed in (
        "deliberation/templates/layouts/base.html",
        "deliberation/migrations/0001_first_loop.py",
        "deliberation/static/app.css",
        "deliberation/static/vendor/htmx/htmx.min.js",
        "deliberation/demo/data/model_spec.md",
    ):
        assert needed in names


@pytest.mark.wheel
def test_the_installed_wheel_runs_the_demo_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    binaries = tmp_path / "venv" / "bin"
    subprocess.run([binaries / "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(binaries / "collective-alignment"), "demo", "--port", str(port)]
    (tmp_path / "elsewhere").mkdir()

    with _running(command, tmp_path / "elsewhere") as server:
        page = _page(port, server)
        voted = _vote(f"http://127.0.0.1:{port}/d/candour/vote")
    with _running(command, tmp_path / "elsewhere") as again:
        _page(port, again)

    assert "/results" in page
    assert "Agreed, saved" in voted
    with sqlite3.connect(tmp_path / "elsewhere" / "instance" / "deliberation.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM vote WHERE source IN ('random', 'routed')").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM deliberation").fetchone() == (1,)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo as long as it is needed; then it is interrupted, as by Ctrl-C."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DELIBERATION_")}
    # To files: nobody reads a pipe while the demo runs.
    with (folder / "said").open("w+") as said:
        server = subprocess.Popen(command, cwd=folder, env=environment, stderr=said, stdout=said, text=True)
        try:
            yield server
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
            said.seek(0)
            print(said.read())  # shown where the test fails


def _vote(address: str) -> str:
    """Agree with the first statement, as a browser without JavaScript does; the page that comes back."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=30) as card:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', card.read().decode()))
    with browser.open(address, urllib.parse.urlencode(hidden | {"vote": "agree"}).encode(), timeout=30) as answer:
        return answer.read().decode()


def _page(port: int, server: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the demo ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                return response.read().decode()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the demo did not answer within three minutes")
