"""The library's door is light: heavy libraries are loaded by the step that needs them."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def loaded_by(code):
    told = f"{code}\nimport sys; print(*sorted(sys.modules))"
    return subprocess.run(
        [sys.executable, "-c", told], cwd=CHECKOUT, capture_output=True, check=True, text=True
    ).stdout.split()


def test_importing_the_analysis_loads_neither_scikit_learn_nor_scipy():
    loaded = loaded_by("from analysis import Votes, analyse\nimport analysis.similarity, analysis.simulation")

    assert "analysis.pipeline" in loaded
    assert not {"sklearn", "scipy"} & set(loaded)


def test_importing_weights_and_rankings_loads_neither_scikit_learn_nor_scipy():
    steps = "agreement, consensus_ranking, criteria, exposure, importance, margins, rankings, weighting"

    loaded = loaded_by("\n".join(f"import analysis.{step}" for step in steps.split(", ")))

    assert "analysis.weighted_shares" in loaded
    assert not {"sklearn", "scipy"} & set(loaded)


def test_the_analysis_needs_nothing_of_the_service():
    loaded = loaded_by(
        "from analysis import Votes, analyse\nanalyse(Votes.from_arrays([1, 1, 2, 2], [1, 2, 1, 2], [1, -1, 0, 1]))"
    )

    assert not {"deliberation", "flask", "sqlalchemy", "click"} & set(loaded)
