"""flask import polis: what it prints, and how it ends."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.polis_folders import a_folder, comments, votes


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answer(app: Any, *arguments: str) -> dict[str, Any]:
    result = app.test_cli_runner().invoke(args=["import", "polis", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_every_real_export_is_imported_with_the_counts_of_its_files(any_app, real_data):
    folders = sorted((real_data / "polis-open-data").iterdir())
    assert folders
    for folder in folders:
        cast = rows(folder / "votes.csv")

        found = answer(any_app, str(folder))

        assert {name: value for name, value in found.items() if name != "deliberation"} == {
            "participants": len({row["voter-id"] for row in cast}),
            "statements": len(rows(folder / "comments.csv")),
            "votes": len({(row["voter-id"], row["comment-id"]) for row in cast}),
            "events": len(cast),
            "skipped": [],
            "differences": [],
        }, folder.name


def test_rows_that_do_not_fit_and_differences_are_in_the_answer(app, tmp_path):
    folder = a_folder(
        tmp_path,
        comments=comments(),
        votes=votes((1, "1", "a", 1), (2, "99", "a", 1)),
        participants_votes="participant,group-id,1\na,0,-1\n",
    )

    found = answer(app, str(folder), "--slug", "roads")

    assert found["skipped"] == [
        {"file": "votes.csv", "line": 3, "reason": "there is no statement '99' in comments.csv"}
    ]
    assert [(each["file"], each["line"]) for each in found["differences"]] == [("participants-votes.csv", 2)]


def test_without_json_they_are_lines_on_standard_error(runner, tmp_path):
    folder = a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1), (2, "99", "a", 1)))

    result = runner.invoke(args=["import", "polis", str(folder), "--slug", "roads"])

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "votes.csv:3: left out: there is no statement '99'" in result.stderr
    assert "3 statements, 1 participant, 1 vote, 1 vote cast; 1 row left out" in result.stderr


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"comments": comments()}, "/export: neither votes.csv nor participant-votes.csv is in this folder"),
        ({"comments": "a,b\n", "votes": votes()}, "/export/comments.csv:1: no column comment-id"),
        (
            {"comments": comments(), "votes": votes((1, "99", "a", 1))},
            "/export/votes.csv:2: there is no statement '99'",
        ),
    ],
)
def test_a_refusal_is_one_line_with_file_and_line(runner, tmp_path, files, line):
    folder = a_folder(tmp_path / "export", **files)

    result = runner.invoke(args=["import", "polis", str(folder), "--strict", "--json"])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_second_import_under_the_same_slug_is_refused(runner, tmp_path):
    folder = a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1)))
    arguments = ["import", "polis", str(folder), "--slug", "roads"]

    first, second = runner.invoke(args=arguments), runner.invoke(args=arguments)

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "there is a deliberation 'roads' already" in second.stderr


def test_a_release_that_is_not_there_is_named(runner, tmp_path):
    folder = a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", 1)))

    result = runner.invoke(args=["import", "polis", str(folder), "--spec", "2030-01-01"])

    assert result.exit_code == 1
    assert "there is no release '2030-01-01'" in result.stderr
