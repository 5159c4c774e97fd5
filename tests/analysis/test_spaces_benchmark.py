"""The comparison of opinion spaces runs, and the default method wins it where the truth is a plane."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "spaces.py"


def test_the_short_comparison_ranks_every_method_above_the_base_rate(tmp_path):
    answer = tmp_path / "spaces.json"

    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--quick", "--json", str(answer)],
        cwd=BENCHMARK.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    figures = json.loads(answer.read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    [row] = figures["results"]
    assert set(row["log_loss"]) >= {"classic", "prob. PCA", "logistic"}
    assert all(loss < row["base"] for loss in row["log_loss"].values())
    assert all(0.5 < value <= 1 for value in row["people_resampled"].values())
