"""flask amendments."""

import json

from deliberation.db.session import transaction
from tests.amendments.scenes import AGREED, a_question, a_run, some_drafts


def analysed(app):
    with app.app_context():
        with transaction() as session:
            deliberation = a_question(session, slug="conduct")
            some_drafts(session, deliberation, {"candour": ["Name the weakest point."], "safety": ["Never joke."]})
        a_run(deliberation, {"candour-0": AGREED, "safety-0": AGREED})


def test_suggest_answers_with_every_list(app, runner):
    analysed(app)

    result = runner.invoke(args=["amendments", "suggest", "conduct", "--json"])

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(answer) >= {"drafts", "questions", "rejected", "left_open", "below_bar", "unplaced"}
    assert [draft["section"] for draft in answer["drafts"]] == ["candour"]
    assert [question["section"] for question in answer["questions"]] == ["safety"]


def test_suggest_wants_an_analysis_first(app, runner):
    with app.app_context(), transaction() as session:
        a_question(session, slug="conduct")

    result = runner.invoke(args=["amendments", "suggest", "conduct"])

    assert result.exit_code == 1
    assert result.stderr == "'conduct' has not been analysed yet (flask analyse conduct)\n"


def test_an_unknown_deliberation_is_one_line(app, runner):
    result = runner.invoke(args=["amendments", "suggest", "nothing"])

    assert result.exit_code == 1
    assert result.stderr == "there is no deliberation 'nothing'\n"


def test_export_writes_the_series_and_lists_it(app, runner, tmp_path):
    analysed(app)
    runner.invoke(args=["amendments", "suggest", "conduct"])
    folder = str(tmp_path / "out")

    result = runner.invoke(args=["amendments", "export", "conduct", "--to", folder, "--drafts", "--json"])

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "0001-candour.patch",
        "amendments.json",
        "amendments.mbox",
        "amendments.md",
    ]
    assert sorted(answer["files"]) == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert [amendment["status"] for amendment in answer["amendments"]] == ["draft"]


def test_export_of_nothing_approved_is_no_error_and_says_what_to_do(app, runner, tmp_path):
    analysed(app)
    runner.invoke(args=["amendments", "suggest", "conduct"])

    result = runner.invoke(args=["amendments", "export", "conduct", "--to", str(tmp_path / "out")])

    assert result.exit_code == 0
    assert "--drafts" in result.stderr
    assert "nothing is approved yet" in (tmp_path / "out" / "amendments.md").read_text()


def test_export_to_a_file_is_refused(app, runner, tmp_path):
    analysed(app)
    (tmp_path / "file").write_text("")

    result = runner.invoke(args=["amendments", "export", "conduct", "--to", str(tmp_path / "file")])

    assert result.exit_code != 0
