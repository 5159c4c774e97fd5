"""Each benchmark is a command."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
BENCHMARKS = sorted(each.name for each in (CHECKOUT / "benchmarks").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_says_how_it_is_called(name: str) -> None:
    said = subprocess.run(
        [sys.executable, f"benchmarks/{name}", "--help"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )

    assert said.returncode == 0, said.stderr
    assert "--quick" in said.stdout
    assert "--json" in said.stdout
