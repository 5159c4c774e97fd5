"""The method page tells the truth about the code beside it."""

from pathlib import Path

import numpy as np
import pytest

from analysis.consensus import judge
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters, meanings

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def page():
    return (CHECKOUT / "docs" / "method.md").read_text(encoding="utf-8")


def test_the_table_of_parameters_is_that_of_the_code(page):
    rows = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]

    assert rows == [f"| `{each.name}` | {each.default} | {each.meaning} | {each.source} |" for each in meanings()]


def test_every_module_of_a_step_is_named(page):
    steps = {path.name for path in (CHECKOUT / "analysis").glob("*.py")}
    # Doors, files and results, which are no step of the method.
    steps -= {"__init__.py", "__main__.py", "pipeline.py", "result.py", "simulation.py"}
    steps -= {"polis_files.py", "polis_ballots.py", "csv_rows.py"}
    # How it is computed, not what.
    steps -= {"kernels.py", "compiled.py", "parquet.py", "distributed.py"}

    assert {each for each in steps if f"`{each}`" not in page} == set()


def judged(agreed_in_b):
    groups = Counts(np.array([[96], [agreed_in_b]]), np.array([[24], [80 - agreed_in_b]]), np.zeros((2, 1), dtype=int))
    return judge(groups.total, groups, np.array([True, True]), eligible=np.array([True]), parameters=Parameters())[0]


def test_the_example_is_computed_right(page):
    result = judged(56)

    assert (result.kind, judged(46).kind) == ("consensus_agree", "uncertain")
    for agreed, votes in ((152, 200), (96, 120), (56, 80), (46, 80)):
        low, high = (round(100 * float(end)) for end in wilson(agreed, votes))
        assert f"{round(100 * agreed / votes)} %" in page
        assert f"{low} to {high} %" in page, (agreed, votes, low, high)
    assert f"97/122 and 57/82 is {round(100 * result.consensus_agree.value)} %" in page
