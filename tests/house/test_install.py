"""scripts/install says what to install where Python is too old, or lacks the module that makes environments."""

import os
import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

# Answers like an interpreter as far as the script asks: its version, whether it is new enough, whether it has a module.
OLD = """#!/bin/sh
case "$1" in
    --version) echo "Python 3.9.2" ;;
    *) exit 1 ;;
esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$*" in
    --version) echo "Python 3.11.2" ;;
    *version_info*) exit 0 ;;
    *) exit 1 ;;
esac
"""


def install(folder: Path, python: str | None) -> subprocess.CompletedProcess[str]:
    """Run the script in a copy of the checkout that has nothing else, with this `python3` first on the path."""
    (folder / "scripts").mkdir()
    shutil.copy(CHECKOUT / "scripts" / "install", folder / "scripts" / "install")
    (folder / "pyproject.toml").touch()
    commands = folder / "bin"
    commands.mkdir()
    for name in ("dirname", "echo", "touch"):
        (commands / name).symlink_to(shutil.which(name) or "")
    if python:
        (commands / "python3").write_text(python)
        (commands / "python3").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"} | {"PATH": str(commands)}
    return subprocess.run(
        ["/bin/sh", str(folder / "scripts" / "install"), "demo"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_older_python_is_named_with_what_to_install(tmp_path: Path) -> None:
    ended = install(tmp_path, OLD)

    assert ended.returncode == 1
    assert "Python 3.11 or newer is needed; found: Python 3.9.2." in ended.stderr
    assert "apt-get install python3 python3-venv" in ended.stderr
    assert not (tmp_path / ".venv").exists()


def test_without_any_python_it_says_so(tmp_path: Path) -> None:
    ended = install(tmp_path, None)

    assert ended.returncode == 1
    assert "Python 3.11 or newer is needed; found:" in ended.stderr
    assert "no python3" in ended.stderr


def test_a_missing_venv_module_is_named_with_what_to_install(tmp_path: Path) -> None:
    ended = install(tmp_path, WITHOUT_VENV)

    assert ended.returncode == 1
    assert ended.stderr.strip() == ("Python 3.11.2 lacks the venv module. Install it: apt-get install python3-venv")
    assert not (tmp_path / ".venv").exists()
