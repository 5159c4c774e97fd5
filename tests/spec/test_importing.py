"""Releases come in whole or not at all, and stay byte for byte."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from deliberation.db.session import db
from deliberation.spec.models import EvaluationPrompt, Release, Section

SMALL = "# A small spec {#small}\n\n## Be kind {#be_kind authority=user}\n\nBe kind.\n"


def test_the_real_release_is_counted_right(runner: FlaskCliRunner, real_data: Path) -> None:
    path = real_data / "model-spec" / "2025-12-18"

    result = runner.invoke(args=["spec", "import", str(path), "--label", "2025-12-18", "--json"])

    figures = json.loads(result.stdout)
    assert {name: figures[name] for name in ("sections", "examples", "comparisons", "footnotes")} == {
        "sections": 80,
        "examples": 183,
        "comparisons": 189,
        "footnotes": 116,
    }
    assert figures["authority"] == {
        "root": 22,
        "system": 3,
        "developer": 1,
        "user": 15,
        "guideline": 18,
        "none": 21,
    }


def test_the_stored_text_is_the_file_byte_for_byte(any_app: Flask, real_data: Path) -> None:
    file = real_data / "model-spec" / "2025-12-18" / "model_spec.md"
    runner = any_app.test_cli_runner()
    runner.invoke(args=["spec", "import", str(file), "--label", "2025-12-18"])

    shown = runner.invoke(args=["spec", "show", "2025-12-18"])

    assert shown.stdout_bytes == file.read_bytes()


def test_evaluation_prompts_come_from_the_folder_beside_the_file(
    app: Flask, runner: FlaskCliRunner, real_data: Path
) -> None:
    file = real_data / "model-spec" / "2025-12-18" / "model_spec.md"

    runner.invoke(args=["spec", "import", str(file), "--label", "2025-12-18"])

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(EvaluationPrompt)) == 272


def test_an_older_release_keeps_its_word_platform(app: Flask, runner: FlaskCliRunner, real_data: Path) -> None:
    file = real_data / "model-spec" / "2025-04-11" / "model_spec.md"

    result = runner.invoke(args=["spec", "import", str(file), "--label", "2025-04-11", "--json"])

    assert json.loads(result.stdout)["authority"]["root"] > 0
    assert b"authority=platform" in runner.invoke(args=["spec", "show", "2025-04-11"]).stdout_bytes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ""),
        (b"# A {#a}\n\xff\n", ":2:"),
        (b"# A {#a}\n\n# B {#a}\n", ":3:"),
        (b"# A {#a}\n\n~~~xml\n<user>\n", ":3:"),
        (b"# A {#a authority=plattform}\n", "plattform"),
        (b"# A {#a}\n" + b"x" * (10 * 1024 * 1024), "10 MB"),
    ],
    ids=["empty", "not UTF-8", "duplicate id", "unclosed fence", "unknown authority", "too large"],
)
def test_a_bad_file_is_refused_with_file_line_and_reason(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "bad.md"
    file.write_bytes(content)

    result = runner.invoke(args=["spec", "import", str(file), "--label", "bad"])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{file}:")
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Release)) == 0
        assert db.session.scalar(select(func.count()).select_from(Section)) == 0


def test_a_label_is_used_once(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "small.md"
    file.write_text(SMALL)
    runner.invoke(args=["spec", "import", str(file), "--label", "one"])

    again = runner.invoke(args=["spec", "import", str(file), "--label", "one"])

    assert again.exit_code == 1
    assert "stored already" in again.stderr


def test_a_file_that_is_not_there_is_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["spec", "import", str(tmp_path / "nothing.md"), "--label", "x"])

    assert result.exit_code == 1
    assert "nothing.md" in result.stderr
