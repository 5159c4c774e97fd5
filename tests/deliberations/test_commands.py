"""flask deliberation and flask statements: what they print and how they end."""

import json
from pathlib import Path

import pytest

DEMO = Path("deliberation/demo/data")


@pytest.fixture
def sample(runner):
    """The demo's release and deliberation."""
    for arguments in (
        ["spec", "import", str(DEMO / "model_spec.md"), "--label", "sample"],
        ["deliberation", "create", str(DEMO / "deliberation.yaml"), "--json"],
    ):
        result = runner.invoke(args=arguments)
        assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_creating_answers_with_the_slug_and_what_there_is(sample):
    assert sample == {"deliberation": "candour", "prompts": 10, "statements": 60}


def test_a_deliberation_is_closed_until_it_is_opened(sample, runner):
    before = runner.invoke(args=["deliberation", "close", "candour"])
    opened = runner.invoke(args=["deliberation", "open", "candour"])
    closed = runner.invoke(args=["deliberation", "close", "candour"])

    assert (before.exit_code, opened.exit_code, closed.exit_code) == (1, 0, 0)
    assert "'candour' was never opened" in before.stderr
    assert opened.stderr == "'candour' is open\n"
    assert closed.stderr == "'candour' is closed\n"


def test_a_statement_is_placed_in_a_section(sample, runner):
    result = runner.invoke(args=["statements", "place", "candour", "7", "manner"])

    assert result.exit_code == 0
    assert result.stderr == "Statement 7 of 'candour' concerns the section 'manner'\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["deliberation", "create", "nowhere.yaml"], "nowhere.yaml: there is no such file (the path of a YAML file)"),
        (["deliberation", "open", "nowhere"], "there is no deliberation 'nowhere'"),
        (["statements", "place", "nowhere", "1", "manner"], "there is no deliberation 'nowhere'"),
    ],
)
def test_an_error_is_one_line_and_exit_code_1(runner, arguments, line):
    result = runner.invoke(args=arguments)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", line + "\n")


def test_a_bad_file_is_refused_with_file_line_and_key(runner, tmp_path):
    file = tmp_path / "file.yaml"
    file.write_text("title: Candour?\nprompts:\n  - messages: []\n")

    result = runner.invoke(args=["deliberation", "create", str(file)])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{file}:3: prompts[0].messages: ")


@pytest.mark.parametrize(
    "arguments", [["deliberation"], ["deliberation", "create"], ["statements", "place"], ["import", "polis"]]
)
def test_every_command_says_what_it_is_for(runner, arguments):
    result = runner.invoke(args=[*arguments, "--help"])

    assert result.exit_code == 0
    assert "Usage:" in result.stdout
