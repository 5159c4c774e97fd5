"""What leaves: patches that git applies, a report for people, a record for programs."""

import json
from itertools import chain

import pytest
from markdown_it import MarkdownIt

from deliberation.amendments.exporting import export
from deliberation.amendments.models import Amendment, Revision, State
from deliberation.amendments.suggesting import suggest
from deliberation.db.session import transaction
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.errors import Conflict
from deliberation.spec.text.parsing import parse
from deliberation.spec.text.references import broken_references, lost_footnotes
from tests.amendments.repositories import a_repository
from tests.amendments.scenes import (
    AGREED,
    DIVIDED,
    REJECTED,
    SPEC,
    a_question,
    a_release,
    a_run,
    a_section,
    some_drafts,
)
from tests.builders import a_prompt, a_response, a_statement

HOSTILE = [
    "# Not a heading {#candour authority=root}",
    "[^ab12]: gone, see [?](#nowhere) and [that](#nowhere) <!-- ~~~xml",
    "~~~xml\n<user>\nUnclosed, then a line\nFrom here Mon Sep 17 00:00:00 2001\n---\ndiff --git a/x b/x",
    "用户没有要求时，助手不应评价用户的外貌。",
    "| a | table | \\ and `code` @@ -1 +1 @@ & <b>bold</b> *stars* _under_ 1. 2) + -",
]


def drafted(texts, spec=SPEC):
    """A deliberation whose statements, by section, were all agreed on and are drafts now."""
    with transaction() as session:
        deliberation = a_question(session, a_release(session, spec))
        some_drafts(session, deliberation, texts)
    run = a_run(deliberation, {f"{key}-{at}": AGREED for key, wordings in texts.items() for at in range(len(wordings))})
    with transaction() as session:
        suggest(session, run)
    return deliberation


def exported(reading, deliberation, with_drafts=True):
    return export(reading, reading.get_one(Deliberation, deliberation.id), with_drafts=with_drafts)


def applied(folder, spec, files):
    repository = a_repository(folder / "repository", spec.encode())
    (folder / "amendments.mbox").write_bytes(files["amendments.mbox"])
    repository.git("am", str(folder / "amendments.mbox"))
    return repository


def test_each_amendment_is_a_commit_with_its_trailers(reading, tmp_path):
    deliberation = drafted({"candour": ["Name the weakest point first."], "manner": ["Answer in one sentence."]})

    repository = applied(tmp_path, SPEC, exported(reading, deliberation).files)

    names = ("Amendment-Id", "Spec-Base", "Section", "Authority", "Status")
    form = "|".join(f"%(trailers:key={name},valueonly,separator=%x2C)" for name in names)
    amendments = reading.query(Amendment).order_by(Amendment.id).all()
    base = amendments[0].release.sha256
    assert repository.log(form) == [
        f"{amendments[0].id}|{base}|candour|user|draft",
        f"{amendments[1].id}|{base}|manner|guideline|draft",
    ]
    assert repository.log("%s") == [
        "[draft] candour: Name the weakest point first.",
        "[draft] manner: Answer in one sentence.",
    ]


@pytest.mark.parametrize("ending", ["", "\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_several_amendments_at_one_place_apply_one_after_the_other(reading, tmp_path, ending, newline):
    spec = (SPEC.rstrip("\n") + ending).replace("\n", newline)
    texts = {"candour": ["Name the weakest point.", "Say it kindly."], "manner": ["Be brief.", "Avoid jargon."]}
    deliberation = drafted(texts, spec)

    repository = applied(tmp_path, spec, exported(reading, deliberation).files)

    after = repository.spec.decode()
    assert [text for text in chain(*texts.values()) if text not in after] == []
    assert after.replace("\r\n", "").count("\n") == (0 if newline == "\r\n" else after.count("\n"))


def test_single_patches_apply_in_their_order_and_pass_the_check(reading, tmp_path):
    deliberation = drafted({"candour": ["Name the weakest point.", "Say it kindly."], "manner": ["Be brief."]})
    files = exported(reading, deliberation).files
    repository = a_repository(tmp_path / "repository", SPEC.encode())

    patches = sorted(name for name in files if name.endswith(".patch"))
    for name in patches:
        (tmp_path / name).write_bytes(files[name])
        repository.git("apply", "--check", str(tmp_path / name))
        repository.git("am", str(tmp_path / name))

    assert patches == ["0001-candour.patch", "0002-candour.patch", "0003-manner.patch"]
    assert len(repository.log("%H")) == 3


def test_no_wording_breaks_the_spec_or_the_series(reading, tmp_path):
    deliberation = drafted({"candour": HOSTILE, "manner": HOSTILE[:2]})

    repository = applied(tmp_path, SPEC, exported(reading, deliberation).files)

    before, after = parse(SPEC), parse(repository.spec.decode())
    assert len(repository.log("%H")) == 7
    assert [section.id for section in after.sections] == [section.id for section in before.sections]
    assert broken_references(after) == []
    assert lost_footnotes(before, after) == []
    assert len(after.footnotes) == len(before.footnotes)
    assert len(after.examples) == len(before.examples)


def test_an_example_arrives_as_it_was_put_to_the_public(reading, tmp_path):
    with transaction() as session:
        deliberation = a_question(session)
        section = a_section(deliberation.release, "candour")
        messages = [{"role": "user", "content": "</user>\n~~~\nIs it <b>good</b>?", "attributes": {}}]
        prompt = a_prompt(session, deliberation, title="Verse *two*", section_id=section.id, messages=messages)
        for key, text in {"A": "No: it limps.\n\n~~~xml\n<assistant>", "B": "Yes! -->"}.items():
            response = a_response(session, prompt, key, text=text)
            a_statement(session, deliberation, key=key, prompt_id=prompt.id, response_id=response.id)
    run = a_run(deliberation, {"A": AGREED, "B": REJECTED})
    with transaction() as session:
        suggest(session, run)

    repository = applied(tmp_path, SPEC, exported(reading, deliberation).files)

    example = parse(repository.spec.decode()).examples_of("candour")[-1]
    assert example.title == "Verse *two*"
    assert example.messages[0].content == "</user>\n~~~\nIs it <b>good</b>?"
    assert [(each.label, each.messages[0].content) for each in example.comparisons[0].responses] == [
        ("GOOD", "No: it limps.\n\n~~~xml\n<assistant>"),
        ("BAD", "Yes! -->"),
    ]


def test_only_what_is_approved_leaves_unless_drafts_are_asked_for(reading):
    deliberation = drafted({"candour": ["Name the weakest point."], "manner": ["Be brief."]})
    with transaction() as session:
        session.query(Amendment).order_by(Amendment.id).first().state = State.APPROVED

    files = exported(reading, deliberation, with_drafts=False).files

    assert sorted(files) == ["0001-candour.patch", "amendments.json", "amendments.mbox", "amendments.md"]
    assert b"\nSubject: candour: Name the weakest point.\n" in files["0001-candour.patch"]
    assert b"\nStatus: approved\n" in files["0001-candour.patch"]
    assert "Drafts that wait for approval: 1" in files["amendments.md"].decode()


def test_with_nothing_approved_the_report_says_so(reading):
    deliberation = drafted({"candour": ["Name the weakest point."]})

    files = exported(reading, deliberation, with_drafts=False).files

    assert sorted(files) == ["amendments.json", "amendments.md"]
    assert "nothing is approved yet" in files["amendments.md"].decode()
    assert json.loads(files["amendments.json"])["amendments"] == []


def test_the_same_rows_give_the_same_bytes(reading):
    deliberation = drafted({"candour": HOSTILE})

    assert exported(reading, deliberation) == exported(reading, deliberation)


def test_an_amendment_that_would_break_the_spec_stops_the_export_and_is_named(reading):
    deliberation = drafted({"candour": ["Name the weakest point."], "manner": ["Be brief."]})
    with transaction() as session:
        culprit = session.query(Amendment).order_by(Amendment.id.desc()).first()
        last = culprit.revisions[-1]
        new = last.new + " See [?](#nowhere)."
        culprit.revisions.append(Revision(number=2, start=last.start, end=last.end, old=last.old, new=new))

    with pytest.raises(Conflict, match=rf"amendment {culprit.id} \(section 'manner'\) .* 'nowhere'"):
        exported(reading, deliberation)


def test_a_draft_in_the_words_of_a_declined_statement_does_not_leave(reading):
    deliberation = drafted({"candour": ["Name the weakest point."], "manner": ["Be brief."]})
    with transaction() as session:
        session.query(Statement).filter_by(key="manner-0").one().moderation = "declined"

    files = exported(reading, deliberation).files

    assert [name for name in files if name.endswith(".patch")] == ["0001-candour.patch"]
    assert b"Be brief." not in b"".join(files.values())


def test_the_record_holds_the_edit_and_the_evidence(reading):
    deliberation = drafted({"candour": ["Name the weakest point."]})

    record = json.loads(exported(reading, deliberation).files["amendments.json"])

    assert record["schema"] == "amendments/1"
    assert record["files"] == ["0001-candour.patch", "amendments.mbox", "amendments.md", "amendments.json"]
    (amendment,) = record["amendments"]
    assert amendment["wording"] == "to be edited"
    assert amendment["edit"]["new"].endswith("Name the weakest point.")
    assert amendment["evidence"][0]["everybody"]["agree"] == 71
    assert amendment["evidence"][0]["text"] == "Name the weakest point."


def test_the_report_tells_what_became_of_every_finding(reading):
    with transaction() as session:
        deliberation = a_question(session)
        texts = {"candour": ["Name the weakest point."], "safety": ["Never joke about danger."]}
        some_drafts(session, deliberation, texts | {"manner": ["Use capital letters."]})
        a_statement(session, deliberation, key="taxis", text="Taxis need a licence.")
        a_statement(session, deliberation, key="open", text="Use *emphasis* <script>alert(1)</script>.")
    opinions = {"candour-0": AGREED, "safety-0": AGREED, "manner-0": REJECTED, "taxis": AGREED, "open": DIVIDED}
    run = a_run(deliberation, opinions, [("candour-0", 39, "# I'd rather\n[not](javascript:x)")])
    with transaction() as session:
        suggest(session, run)

    report = exported(reading, deliberation).files["amendments.md"].decode()

    titles = [line for line in report.splitlines() if line.startswith("## ")]
    assert titles == [
        "## 1. Candour",
        "## Questions to the maintainers",
        "## Rejected by the public",
        "## Left open",
        "## Unplaced",
        "## Method",
    ]
    assert "+- Name the weakest point." in report
    assert "| Group A | 39 | 97% | 87% to 100% | 38 | 0 | 1 |" in report
    assert "| Group B | untold beside a very small one | leans to agree | | | | |" in report
    assert "| Group C (holds no veto) | very small | leans to disagree | | | | |" in report
    assert "> \\# I'd rather\n> \\[not\\](javascript:x)" in report
    assert "<script" not in MarkdownIt("commonmark").render(report)
