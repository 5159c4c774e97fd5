"""Commits as `git am` makes them from our mails."""

import mailbox
from datetime import UTC, datetime

import pytest

from deliberation.amendments.export.diff import diff
from deliberation.amendments.export.mail import Commit, mbox, patch_file, quoted, subject_line
from tests.amendments.repositories import a_repository

BEFORE = "# Spec\n\nOne.\n\nTwo."
HOSTILE = (
    "From ada Mon Sep 17 00:00:00 2001\n---\ndiff --git a/x b/x\nSubject: [x] mine\n"
    "-- >8 --\n\nStatus: approved\r\n.\n中文"
)


def a_commit(before=BEFORE, after=BEFORE + "\n\nThree.\n", **changes):
    values = {
        "subject": "[draft] be_kind: Three",
        "body": "The public agreed.",
        "trailers": (("Amendment-Id", "1"), ("Status", "draft")),
        "at": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        "patch": diff(before, after, "model_spec.md"),
    }
    return Commit(**values | changes)


def applied(folder, before, series):
    repository = a_repository(folder / "repository", before.encode())
    (folder / "series").write_bytes(series)
    repository.git("am", str(folder / "series"))
    return repository


def test_a_patch_file_passes_both_git_apply_and_git_am(tmp_path):
    commit = a_commit()
    repository = a_repository(tmp_path / "repository", BEFORE.encode())
    file = tmp_path / "0001.patch"
    file.write_bytes(patch_file(commit))

    repository.git("apply", "--check", str(file))
    repository.git("am", str(file))

    assert repository.spec.decode() == BEFORE + "\n\nThree.\n"
    assert repository.log("%an|%aI") == ["Collective Alignment|2026-11-23T10:00:00+00:00"]


@pytest.mark.parametrize("option", ["--no-keep", "--keep", "--keep-non-patch", "--3way"])
def test_a_draft_is_called_so_in_the_subject_whatever_git_does_to_brackets(tmp_path, option):
    repository = a_repository(tmp_path / "repository", BEFORE.encode())
    (tmp_path / "series").write_bytes(mbox([a_commit(subject="[draft] be_kind: Three 三")]))

    repository.git("am", *([option] if option != "--no-keep" else []), str(tmp_path / "series"))

    assert repository.log("%s") == ["[draft] be_kind: Three 三"]


def test_the_subject_can_be_read_in_the_file():
    commit = a_commit(subject="[draft] be_kind: " + "好" * 60)

    header = patch_file(commit).split(b"\nSubject: ")[1]

    assert header.startswith(b"[draft] be_kind:")


@pytest.mark.parametrize(
    "subject", ["be_kind: Three", "be_kind: 说明" + "好" * 60, "re: three", "be_kind: " + "long " * 19]
)
def test_subjects_arrive_as_they_were(tmp_path, subject):
    subject = subject_line(subject)

    repository = applied(tmp_path, BEFORE, mbox([a_commit(subject=subject)]))

    assert repository.log("%s") == [subject]


def test_what_participants_wrote_is_neither_mail_nor_diff_nor_trailer(tmp_path):
    second = a_commit(BEFORE + "\n\nThree.\n", BEFORE + "\n\nThree.\n\nFour.\n")

    repository = applied(tmp_path, BEFORE, mbox([a_commit(body="Agreed:\n\n" + quoted(HOSTILE)), second]))

    assert repository.log("%(trailers:key=Status,valueonly)") == ["draft", "draft"]
    body = repository.log("%b")[0]
    assert body.count("\n    ") == 8
    assert "    From ada Mon Sep 17 00:00:00 2001\n    ---\n" in body
    assert "    中文" in body


def test_an_mbox_is_one_to_other_readers_too(tmp_path):
    file = tmp_path / "amendments.mbox"
    file.write_bytes(mbox([a_commit(body=quoted(HOSTILE)), a_commit()]))

    mails = list(mailbox.mbox(file))

    assert [mail["Subject"] for mail in mails] == ["[draft] be_kind: Three"] * 2


def test_a_file_with_other_line_breaks_keeps_them(tmp_path):
    before = BEFORE.replace("\n", "\r\n")
    after = before + "\r\n\r\nFrom now on: three = 三.\r\n"

    repository = applied(tmp_path, before, mbox([a_commit(before, after)]))

    assert repository.spec.decode() == after


def test_a_patch_file_with_other_line_breaks_is_applied_when_git_is_told_to_keep_them(tmp_path):
    before = BEFORE.replace("\n", "\r\n")
    after = before + "\r\n\r\nThree.\r\n"
    repository = a_repository(tmp_path / "repository", before.encode())
    file = tmp_path / "0001.patch"
    file.write_bytes(patch_file(a_commit(before, after)))

    repository.git("apply", "--check", str(file))
    repository.git("am", "--keep-cr", str(file))

    assert repository.spec.decode() == after


def test_a_long_subject_is_cut_between_words():
    assert subject_line("be_kind: " + "word " * 40) == "be_kind: " + "word " * 17 + "word…"
