"""How a run of the tests ends: what could not run is counted in its last line, and fails it where all has to run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

ONE_OF_EACH = """
def test_that_passes(): pass
def test_on_a_server(postgres_server): pass
def test_on_another(postgres_server): pass
"""


def run_tests(folder: Path, tests: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run these tests with the project's fixtures, without PostgreSQL."""
    (folder / "conftest.py").symlink_to(CHECKOUT / "tests" / "conftest.py")
    (folder / "test_generated.py").write_text(tests)
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "DELIBERATION_TEST_POSTGRES")}
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(CHECKOUT / "pyproject.toml"), "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, str(folder / "test_generated.py")],
        cwd=CHECKOUT,
        env=kept | {"PYTHONPATH": str(CHECKOUT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("tests", "last_line"),
    [
        (ONE_OF_EACH, "2 tests could not run, see the reasons above"),
        ("def test_that_passes(): pass", "0 tests could not run"),
        ("def test_on_a_server(postgres_server): pass", "1 test could not run, see the reason above"),
    ],
)
def test_the_last_line_counts_what_could_not_run_and_the_rest_decides(
    tmp_path: Path, tests: str, last_line: str
) -> None:
    ended = run_tests(tmp_path, tests)

    assert ended.returncode == 0, ended.stdout
    assert ended.stdout.splitlines()[-1] == last_line


def test_the_reason_says_what_is_missing(tmp_path: Path) -> None:
    assert "no PostgreSQL: set DELIBERATION_TEST_POSTGRES" in run_tests(tmp_path, ONE_OF_EACH).stdout


def test_a_test_that_fails_fails_the_run(tmp_path: Path) -> None:
    ended = run_tests(tmp_path, ONE_OF_EACH + "\ndef test_that_fails(): assert False\n")

    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-1] == "2 tests could not run, see the reasons above"


def test_where_everything_has_to_run_nothing_is_skipped(tmp_path: Path) -> None:
    ended = run_tests(tmp_path, ONE_OF_EACH, CI="true")

    assert ended.returncode == 1
    assert "1 passed, 2 errors" in ended.stdout
