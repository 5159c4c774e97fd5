"""What the documentation says is there, is there."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from deliberation.settings import Settings

CHECKOUT = Path(__file__).parent.parent.parent
PAGES = [CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted((CHECKOUT / "docs").rglob("*.md"))


@pytest.mark.parametrize("written", PAGES, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(written: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", written.read_text(encoding="utf-8"))

    assert [link for link in links if not (written.parent / link).exists()] == []


def test_the_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"\bmake ([a-z-]+)\b *(?:#|$|`)", page.read_text())}

    assert named
    assert named <= targets


def test_every_command_of_the_readme_exists(runner: FlaskCliRunner) -> None:
    readme = (CHECKOUT / "README.md").read_text()
    commands = set(re.findall(r"^flask ([a-z]+(?: [a-z]+)?)", readme, re.MULTILINE))

    assert len(commands) >= 6
    for command in commands:
        words = command.split()
        known = [words, words[:1]] if len(words) == 2 else [words]
        assert any(runner.invoke(args=[*each, "--help"]).exit_code == 0 for each in known), command


def test_every_command_has_help(runner: FlaskCliRunner) -> None:
    listed = runner.invoke(args=["--help"]).stdout

    for command in re.findall(r"^  ([a-z]+) ", listed.split("Commands:")[1], re.MULTILINE):
        assert runner.invoke(args=[command, "--help"]).exit_code == 0


def test_config_show_lists_every_setting_and_no_secret(runner: FlaskCliRunner) -> None:
    shown = runner.invoke(args=["config", "show", "--json"]).stdout

    for name, field in Settings.model_fields.items():
        assert f"DELIBERATION_{name.upper()}" in shown
        assert field.description
    assert "only for tests" not in shown
