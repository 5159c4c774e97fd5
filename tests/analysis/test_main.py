"""python -m analysis: a Polis export in, the analysis out, no database."""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from analysis.__main__ import main

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def export(tmp_path):
    """Twenty participants and three statements, the last one declined; the first participant changed a vote."""
    folder = tmp_path / "export"
    folder.mkdir()
    people = range(20)
    votes = [(person, "0", 1) for person in people] + [(person, "1", 1 if person < 12 else -1) for person in people]
    votes = [(0, "1", -1), *votes, *((person, "2", 0) for person in people)]
    log = [f"{1000 + at},2026,{what},{who},{value}" for at, (who, what, value) in enumerate(votes)]
    (folder / "votes.csv").write_text("\n".join(["timestamp,datetime,comment-id,voter-id,vote", *log]))
    comments = ["0,1,Yes to all", "1,1,First the one", "2,-1,Declined"]
    (folder / "comments.csv").write_text("\n".join(["comment-id,moderated,comment-body", *comments]))
    rows = [f"{who},{who % 2},{1},{1 if who < 12 else -1},0" for who in people]
    (folder / "participants-votes.csv").write_text("\n".join(["participant,group-id,0,1,2", *rows]))
    return folder


def analysed(folder, *options):
    target = folder / "result.json"

    assert main([str(folder), "--json", str(target), *options]) == 0

    return json.loads(target.read_text(encoding="utf-8"))


def test_an_export_is_analysed(export):
    result = analysed(export)

    # Two statements, of which all agree on one, are no sign of groups.
    assert result["method"] == "latent"
    assert result["structure"]["verdict"] == "none"
    assert result["participants"] == {"total": 20, "grouped": 0}
    assert {each["id"]: each["text"] for each in result["statements"]} == {"0": "Yes to all", "1": "First the one"}
    assert [each["class"] for each in result["statements"]] == ["consensus_agree", "uncertain"]


def test_an_export_is_analysed_by_the_classic_method(export):
    result = analysed(export, "--method", "classic")

    assert result["participants"] == {"total": 20, "grouped": 20}
    assert [group["size"] for group in result["groups"]] == [12, 8]


def test_declined_statements_are_named_but_not_listed(export):
    assert analysed(export)["parameters"]["moderated_out"] == ["2"]


def test_given_groups_are_those_of_the_file(export):
    result = analysed(export, "--method", "classic", "--groups", "given")

    assert result["parameters"]["groups"] == "given"
    assert result["assignments"] == {str(person): "AB"[person % 2] for person in range(20)}


def test_given_groups_that_the_export_does_not_have_are_an_error(export, capsys):
    (export / "participants-votes.csv").unlink()

    assert main([str(export), "--groups", "given", "--json", str(export / "result.json")]) == 1

    assert "group-id" in capsys.readouterr().err
    assert not (export / "result.json").exists()


def test_a_folder_that_is_not_there_is_an_error_of_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere"), "--json", str(tmp_path / "result.json")]) == 1

    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "nowhere" in error


def test_a_statement_is_explained_with_or_without_the_result(export, capsys):
    assert main([str(export), "--explain", "0"]) == 0
    text = capsys.readouterr().out
    assert analysed(export, "--explain", "0")["method"] == "latent"

    assert text.startswith("Statement 0: Yes to all\nClass: consensus for it\nJudged by: everybody")
    assert "everybody: lower end of 20 of 20 = " in text
    assert capsys.readouterr().out == text


def test_a_statement_that_is_not_listed_cannot_be_explained(export, capsys):
    assert main([str(export), "--explain", "2", "--json", str(export / "result.json")]) == 1

    assert capsys.readouterr().err.splitlines()[-1] == "the result lists no statement '2'"
    assert not (export / "result.json").exists()


@pytest.mark.parametrize(
    "options", [[], ["--explain", "0", "--json", "-"], ["--json", "-", "--margins", "margins.csv"]]
)
def test_options_that_do_not_fit_together_are_refused(export, options, capsys):
    with pytest.raises(SystemExit) as refused:
        main([str(export), *options])

    assert refused.value.code == 2
    assert capsys.readouterr().out == ""


def test_results_weighted_to_a_population_stand_beside_the_plain_ones(export):
    (export / "margins.csv").write_text("question,answer,share\nage,young,0.25\nage,old,0.75\n")
    said = [f"{who},age,{'old' if who % 2 else 'young'}" for who in range(20)]
    (export / "answers.csv").write_text("\n".join(["participant,question,answer", *said]))

    plain = analysed(export)
    weighted = analysed(export, "--margins", str(export / "margins.csv"), "--answers", str(export / "answers.csv"))

    # Ten people weigh 1.5 and ten 0.5: 20² / (10 x 2.25 + 10 x 0.25).
    assert weighted["weighting"]["effective_people"] == 16
    assert weighted["weighting"]["design_effect"] == 1.25
    assert [each.pop("weighted")["votes"] for each in weighted["statements"]] == [20, 20]
    assert [each.pop("weighted_by_group") for each in weighted["statements"]] == [{}, {}]
    assert weighted["statements"] == plain["statements"]


@pytest.mark.parametrize(
    ("margins", "told"),
    [("age,old,1.5", ":2: the share is 1.5"), ("age,ancient,1", ": 'age': nobody who took part answered 'ancient'")],
)
def test_margins_that_cannot_be_met_are_an_error_in_their_file(export, margins, told, capsys):
    (export / "margins.csv").write_text(f"question,answer,share\n{margins}\n")
    (export / "answers.csv").write_text("participant,question,answer\n0,age,old\n")
    files = ["--margins", str(export / "margins.csv"), "--answers", str(export / "answers.csv")]

    assert main([str(export), *files, "--json", "-"]) == 1

    assert capsys.readouterr().err.splitlines()[-1].startswith(f"{export / 'margins.csv'}{told}")


def test_it_runs_as_a_module_and_writes_the_same_bytes_twice(export):
    command = [sys.executable, "-m", "analysis", str(export), "--json", "-"]

    first, second = (subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True).stdout for _ in range(2))

    assert json.loads(first)["schema"] == "analysis/1"
    assert first == second


def test_with_the_groups_of_real_exports_every_count_is_that_of_the_file(real_data, tmp_path):
    for folder in sorted(path.parent for path in real_data.glob("polis-open-data/*/participants-votes.csv")):
        target = tmp_path / "result.json"
        assert main([str(folder), "--groups", "given", "--json", str(target)]) == 0
        result = json.loads(target.read_text(encoding="utf-8"))

        log = list(csv.DictReader((folder / "votes.csv").open(encoding="utf-8")))
        standing = {(row["voter-id"], row["comment-id"]): row["vote"] for row in log}
        counted = Counter((what, result["assignments"][who], value) for (who, what), value in standing.items())

        for statement in result["statements"]:
            for letter, group in statement["by_group"].items():
                mine = (group["agree"], group["disagree"], group["pass"])
                assert mine == tuple(counted[statement["id"], letter, value] for value in ("1", "-1", "0"))
