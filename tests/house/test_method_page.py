"""The method page tells the truth about the code beside it."""

import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import numpy as np
import pytest

from analysis.consensus import judge
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters, meanings

CHECKOUT = Path(__file__).parents[2]
TABLE = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


@pytest.fixture
def page():
    return (CHECKOUT / "docs" / "method.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def figures():
    """scripts/figures, which has no ending."""
    path = str(CHECKOUT / "scripts" / "figures")
    script = module_from_spec(spec_from_loader("figures", SourceFileLoader("figures", path)))
    script.__spec__.loader.exec_module(script)
    return script


def test_the_table_of_parameters_is_that_of_the_code(page):
    rows = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]

    assert rows == [f"| `{each.name}` | {each.default} | {each.meaning} | {each.source} |" for each in meanings()]


def test_every_module_of_a_step_is_named(page):
    steps = {path.name for path in (CHECKOUT / "analysis").glob("*.py")}
    # Doors, files and results, which are no step of the method.
    steps -= {"__init__.py", "__main__.py", "pipeline.py", "result.py", "written.py", "simulation.py"}
    steps -= {"polis_files.py", "polis_ballots.py", "csv_rows.py"}
    # Steps put together, and what is handed from one to the next.
    steps -= {"division.py", "found.py", "conclusion.py", "description.py"}
    # How it is computed, not what.
    steps -= {"kernels.py", "compiled.py", "parquet.py", "distributed.py"}

    assert {each for each in steps if f"`{each}`" not in page} == set()


def test_every_module_and_test_that_is_named_exists(page):
    named = set(re.findall(r"`([\w/]+\.py)`", page))
    folders = ("", "analysis", "tests/analysis", "tests/results", "tests/voting")

    assert [each for each in named if not any((CHECKOUT / folder / each).exists() for folder in folders)] == []


def test_every_number_beside_a_parameter_is_its_default(page):
    defaults = {each.name: each.default for each in meanings()}
    text = re.sub(r"\s+", " ", page)
    named = re.findall(r"(\d[\d.]*)( %)? \(`([a-z_]+)`", text)

    assert len(named) >= 40
    for number, percent, name in named:
        wanted = round(100 * defaults[name], 6) if percent else defaults[name]
        assert float(number) == wanted, f"{number}{percent} ({name})"


def test_every_link_within_the_page_leads_to_a_heading(page):
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors


def test_sections_are_numbered_in_their_order(page):
    numbers = re.findall(r"^## (\d+)\. ", page, re.MULTILINE)

    assert numbers == [str(each + 1) for each in range(len(numbers))]


def test_all_18_weaknesses_of_polis_are_answered(page):
    rows = re.findall(r"^\| (W\d+) \|(.+)\|$", page, re.MULTILINE)

    assert [name for name, _ in rows] == [f"W{each}" for each in range(1, 19)]
    for name, row in rows:
        weakness, answer, where = (each.strip() for each in row.split("|"))
        assert all((weakness, answer, "](#" in where, ".py" in where)), name


def test_every_figure_is_drawn_by_the_script_and_has_a_text_in_its_place(page, figures):
    shown = re.findall(r"!\[([^\]]*)\]\(figures/(\w+)\.svg\)", page)

    assert sorted(name for _, name in shown) == sorted(figures.DRAWINGS)
    assert all(len(text) > 80 for text, _ in shown)
    assert {each.stem for each in (CHECKOUT / "docs" / "figures").iterdir()} == set(figures.DRAWINGS)


def test_figures_say_nothing_of_when_they_were_drawn():
    for path in (CHECKOUT / "docs" / "figures").iterdir():
        assert "<dc:date>" not in path.read_text(encoding="utf-8")


def test_every_table_is_made_by_the_script_and_filled(page, figures):
    tables = dict(TABLE.findall(page))

    assert set(tables) == set(figures.TABLES)
    assert [name for name, rows in tables.items() if rows.count("\n") < 3] == []


def test_a_table_is_made_anew_from_a_benchmark_and_what_is_not_at_hand_stays(figures, tmp_path, capsys):
    row = {"name": "near", "statements": 10000, "seconds": 6.234, "processor_seconds": 2, "planted_found": 0.5}
    (tmp_path / "similarity.json").write_text(json.dumps({"results": [row], "missed": ["near"]}))
    old = "a\n\n<!-- table: similarity -->\n| old |\n<!-- end -->\n\n<!-- table: routing -->\n| old |\n<!-- end -->\n"

    new = figures.refreshed(old, tmp_path)

    assert dict(TABLE.findall(new))["similarity"].endswith("| near | 10,000 | 6.23 *missed* | 2.00 | 50.0 % |\n")
    assert dict(TABLE.findall(new))["routing"] == "| old |\n"
    assert "routing.json" in capsys.readouterr().out


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
