"""The whole loop on a real Model Spec and real votes, by the commands that people use: from import to git am."""

import json
from collections import Counter

import pytest

from deliberation.spec.text.parsing import parse
from deliberation.spec.text.references import broken_references, lost_footnotes
from tests.amendments.repositories import a_repository

RELEASE = "2025-12-18"

# Chosen by hand: two in one section, and every authority at least once. The strongest consensus comes first, since the
# sections of higher authority ask for more.
SECTIONS = (
    ("protect_privacy", "root"),
    ("comply_with_laws", "system"),
    ("avoid_regulated_advice", "developer"),
    ("avoid_sycophancy", "user"),
    ("avoid_sycophancy", "user"),
    ("do_not_lie", "user"),
    ("be_clear", "guideline"),
    ("express_uncertainty", "guideline"),
    ("refusal_style", "guideline"),
    ("formatting", "guideline"),
)


@pytest.fixture
def run(runner):
    """A command's answer as JSON."""

    def invoke(*arguments):
        result = runner.invoke(args=[*map(str, arguments), "--json"])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return invoke


@pytest.fixture
def spec(real_data, run):
    folder = real_data / "model-spec" / RELEASE
    run("spec", "import", folder, "--label", RELEASE)
    return (folder / "model_spec.md").read_bytes()


def imported(run, real_data, conversation):
    """The conversation as a deliberation about the release, and its analysis."""
    folder = real_data / "polis-open-data" / conversation
    run("import", "polis", folder, "--slug", "conversation", "--spec", RELEASE)
    return run("analyse", "conversation")


def strongest_agreement(analysis):
    """Statements agreed on across groups, the clearest over everybody first."""
    agreed = [each for each in analysis["statements"] if each["class"] == "consensus_agree"]
    return [each["id"] for each in sorted(agreed, key=lambda each: -each["agree_share_interval"][0])]


@pytest.mark.parametrize("conversation", ["vtaiwan.uberx", "brexit-consensus"])
def test_consensus_placed_by_hand_becomes_commits_on_the_real_spec(
    runner, run, spec, real_data, tmp_path, conversation
):
    statements = strongest_agreement(imported(run, real_data, conversation))
    assert len(statements) >= len(SECTIONS) == 10
    chosen = dict(zip(statements[: len(SECTIONS)], SECTIONS, strict=True))
    for statement, (section, _) in chosen.items():
        placed = runner.invoke(args=["statements", "place", "conversation", statement, section])
        assert placed.exit_code == 0, placed.stderr

    suggested = run("amendments", "suggest", "conversation")
    exported = run("amendments", "export", "conversation", "--to", tmp_path / "out", "--drafts")

    assert_everything_has_its_outcome(suggested, chosen)
    repository = a_repository(tmp_path / "repository", spec)
    for patch in sorted((tmp_path / "out").glob("*.patch")):
        repository.git("apply", "--check", str(patch))
        repository.git("apply", "--index", str(patch))
    repository.git("reset", "-q", "--hard")
    repository.git("am", str(tmp_path / "out" / "amendments.mbox"))
    commits = repository.log("%(trailers:key=Section,valueonly,separator=%x2C)")
    assert len(commits) == len(exported["amendments"]) >= 5
    assert Counter(commits)["avoid_sycophancy"] == 2
    assert all(subject.startswith("[draft] ") for subject in repository.log("%s"))
    assert_nothing_broke(spec.decode(), repository.spec.decode())


def assert_everything_has_its_outcome(suggested, chosen):
    """Each statement has one outcome, in the section chosen for it, with that section's authority."""
    outcomes = [
        (statement, entry["section"], entry["authority"])
        for entry in (*suggested["drafts"], *suggested["below_bar"], *suggested["questions"])
        for statement in (entry["statement"], *entry.get("also", ()))
    ]
    assert sorted(outcomes) == sorted((statement, *place) for statement, place in chosen.items())
    assert {entry["authority"] for entry in suggested["questions"]} == {"root", "system"}
    assert {draft["authority"] for draft in suggested["drafts"]} == {"user", "developer", "guideline"}
    assert {draft["placed"] for draft in suggested["drafts"]} == {"by hand"}


def assert_nothing_broke(before, after):
    old, new = parse(before), parse(after)
    assert [section.id for section in new.sections] == [section.id for section in old.sections]
    assert [section.authority for section in new.sections] == [section.authority for section in old.sections]
    assert broken_references(new) == broken_references(old) == []
    assert lost_footnotes(old, new) == []
    assert len(new.footnotes) == len(old.footnotes) == 116
    assert len(new.examples) == len(old.examples) == 183


def test_statements_about_taxis_stay_unplaced_where_wording_has_to_decide(run, spec, real_data, tmp_path):
    analysis = imported(run, real_data, "vtaiwan.uberx")

    suggested = run("amendments", "suggest", "conversation")
    exported = run("amendments", "export", "conversation", "--to", tmp_path, "--drafts")

    assert len(strongest_agreement(analysis)) >= 10
    assert {entry["statement"] for entry in suggested["unplaced"]} == set(strongest_agreement(analysis))
    assert all(entry["score"] < 0.1 and entry["reason"] for entry in suggested["unplaced"])
    assert suggested["drafts"] == suggested["questions"] == exported["amendments"] == []
    assert "## Unplaced" in (tmp_path / "amendments.md").read_text(encoding="utf-8")
