"""The built package carries all it needs: installed elsewhere, it runs the demo."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
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
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DELIBERATION_")}
    (tmp_path / "elsewhere").mkdir()
    server = subprocess.Popen(
        [binaries / "collective-alignment", "demo", "--port", str(port)],
        cwd=tmp_path / "elsewhere",
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        page = _page(port, server)
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)

    assert "/results" in page


def _page(port: int, server: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the demo ended with {server.returncode}: {server.communicate()[1]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                return response.read().decode()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the demo did not answer within three minutes")
