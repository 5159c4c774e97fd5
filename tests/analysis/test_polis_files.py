"""Polis exports: every layout is read, what does not fit is listed, and the counts are those of the files."""

import csv
from pathlib import Path

import pytest

from analysis.csv_rows import FileRefused, Finding
from analysis.polis_files import PolisExport, read_export, to_votes
from tests.polis_folders import a_comment, a_folder, comments, votes


def said(export: PolisExport) -> dict[tuple[str, str], int]:
    """The votes that stand, by participant and statement."""
    ballots = export.ballots
    return {
        (ballots.voters[ballots.who[at]], ballots.statements[ballots.what[at]]): int(ballots.values[at])
        for at in ballots.standing()
    }


def test_the_latest_vote_by_time_stands_whatever_the_order_of_the_rows(tmp_path):
    log = votes((9, "1", "a", -1), (5, "1", "a", 1), (7, "2", "a", 0))

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log))

    assert said(export) == {("a", "1"): -1, ("a", "2"): 0}
    assert len(export.ballots) == 3


def test_of_two_votes_in_one_millisecond_the_later_row_stands_and_is_named(tmp_path):
    log = votes((5, "1", "a", 1), (5, "1", "a", -1))

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log))

    assert said(export) == {("a", "1"): -1}
    assert export.differences == (Finding("votes.csv", 3, "another vote than line 2, in the same millisecond"),)


def test_the_same_vote_twice_in_one_millisecond_is_no_difference(tmp_path):
    log = votes((5, "1", "a", 1), (5, "1", "a", 1))

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log))

    assert export.differences == ()


@pytest.mark.parametrize("written", ["-1", "-1.0"])
def test_votes_are_read_as_whole_and_as_decimal_numbers(tmp_path, written):
    export = read_export(a_folder(tmp_path, comments=comments(), votes=votes((1, "1", "a", written))))

    assert said(export) == {("a", "1"): -1}


@pytest.mark.parametrize("name", ["participants_votes", "participant_votes"])
@pytest.mark.parametrize("xid", [False, True], ids=["without xid", "with xid"])
def test_a_table_alone_gives_the_votes_that_stand(tmp_path, name, xid):
    start, extra = ("participant,xid,group-id", ",x-1") if xid else ("participant,group-id", "")
    table = (
        f"{start},n-comments,n-votes,n-agree,n-disagree,1,2,3\na{extra},0,0,3,1,1,1.0,-1,NULL\nb{extra},,0,0,0,0,,,\n"
    )

    export = read_export(a_folder(tmp_path, comments=comments(), **{name: table}))

    assert said(export) == {("a", "1"): 1, ("a", "2"): -1}
    assert export.groups == {"a": "0"}
    assert export.xids == ({"a": "x-1", "b": "x-1"} if xid else {})
    assert not export.has_log


def test_a_participant_without_votes_is_no_voter(tmp_path):
    table = "participant,group-id,1\na,0,1\nb,0,\n"

    export = read_export(a_folder(tmp_path, comments=comments(), participants_votes=table))

    assert export.ballots.voters == ("a",)


def test_the_log_counts_and_the_table_is_compared_with_it(tmp_path):
    log = votes((1, "1", "a", 1), (2, "2", "a", 1), (3, "1", "b", 1), (4, "1", "c", 0))
    table = "participant,group-id,1,2\na,0,-1,\nb,1,1,0\n"

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log, participants_votes=table))

    assert said(export) == {("a", "1"): 1, ("a", "2"): 1, ("b", "1"): 1, ("c", "1"): 0}
    assert export.differences == (
        Finding("participants-votes.csv", 2, "participant a, statement 1: disagree here, agree in votes.csv"),
        Finding("participants-votes.csv", 2, "participant a, statement 2: no vote here, agree in votes.csv"),
        Finding("participants-votes.csv", 3, "participant b, statement 2: pass here, no vote in votes.csv"),
        Finding("participants-votes.csv", 1, "participant c of votes.csv is missing"),
    )
    assert export.skipped == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1500000000001,x,99,a,1", "there is no statement '99' in comments.csv"),
        ("1500000000001,x,1,a,2", "vote is '2'; 1 (agree), 0 (pass) and -1 (disagree) are votes"),
        ("1500000000001,x,1,a,", "vote is ''; 1 (agree), 0 (pass) and -1 (disagree) are votes"),
        ("1500000000001,x,1,a,true", "vote is 'true'; 1 (agree), 0 (pass) and -1 (disagree) are votes"),
        ("1500000000001,x,1,,1", "a participant's id of 0 characters; 1 to 64 are possible"),
        ("yesterday,x,1,a,1", "timestamp is 'yesterday'; milliseconds since 1970 are expected"),
        ("1500000000001000,x,1,a,1", "timestamp is '1500000000001000'; milliseconds since 1970 are expected"),
        ("1500000000001,x,1,a", "4 cells where there should be 5"),
        ('1500000000001,x,1,"a,1', "a quote is not closed"),
    ],
)
def test_a_row_of_the_log_that_does_not_fit_is_listed_with_its_line(tmp_path, row, reason):
    log = votes((1, "1", "a", 1)) + row + "\n" + votes((2, "2", "b", 1)).split("\n")[1] + "\n"

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log))

    assert export.skipped == (Finding("votes.csv", 3, reason),)
    assert said(export) == {("a", "1"): 1, ("b", "2"): 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_comment("1"), "a second statement '1'"),
        (a_comment("2", text=" "), "a statement without text"),
        (a_comment("2", moderated=5), "moderated is '5'; 1, 0 and -1 are possible"),
        (a_comment("2", text="x" * 10_001), "comment-body has 10001 characters; 1 to 10000 are possible"),
        (a_comment("2" * 41), "comment-id has 41 characters; 1 to 40 are possible"),
    ],
)
def test_a_statement_that_does_not_fit_is_listed_with_its_line(tmp_path, row, reason):
    text = comments(a_comment("1", text='"Two\nlines."'), row, a_comment("3"))

    export = read_export(a_folder(tmp_path, comments=text, votes=votes((1, "3", "a", 1))))

    assert export.skipped == (Finding("comments.csv", 4, reason),)
    assert [statement.id for statement in export.statements] == ["1", "3"]


def test_a_row_of_the_table_that_does_not_fit_is_left_out_whole(tmp_path):
    table = "participant,group-id,1,2,77\na,0,1,7,\nb,0,1,,1\nb,0,1,,\n"

    export = read_export(a_folder(tmp_path, comments=comments(), participants_votes=table))

    assert said(export) == {("b", "1"): 1}
    assert [(finding.line, finding.reason[:24]) for finding in export.skipped] == [
        (1, "a column of votes on '77"),
        (2, "vote is '7'; 1 (agree), "),
        (4, "a second row of particip"),
    ]


def test_the_newer_columns_of_a_statement_are_read(tmp_path):
    text = (
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,group-informed-consensus,comment-body\n"
        "1726860676783,2,0,57,1,1,true,false,0.68,A rule.\n"
    )

    export = read_export(a_folder(tmp_path, comments=text, votes=votes((1, "2", "a", 1))))

    statement = export.statements[0]
    assert (statement.is_meta, statement.is_seed, statement.created) == (True, False, 1726860676783)
    assert (statement.agrees, statement.disagrees, statement.author) == (57, 1, "0")


def test_a_vote_that_was_marked_important_is_read_so(tmp_path):
    log = "timestamp,datetime,comment-id,voter-id,vote,important\n1500000000000,x,1,a,1,1\n1500000000001,x,2,a,1,0\n"

    export = read_export(a_folder(tmp_path, comments=comments(), votes=log))

    assert export.ballots.important.tolist() == [True, False]


def test_the_summary_gives_title_address_and_description(tmp_path):
    summary = 'topic,Roads\nurl,https://example.org/1\nconversation-description,"First.\n\nSecond, third."\n'

    export = read_export(a_folder(tmp_path, summary=summary, comments=comments(), votes=votes((1, "1", "a", 1))))

    assert (export.title, export.url) == ("Roads", "https://example.org/1")
    assert export.description == "First.\n\nSecond, third."


def test_without_a_summary_the_folder_gives_the_title(tmp_path):
    folder = a_folder(tmp_path / "roads.2024", comments=comments(), votes=votes((1, "1", "a", 1)))

    assert read_export(folder).title == "roads.2024"


def test_votes_declared_with_other_signs_are_refused(tmp_path):
    summary = "topic,Roads\nvote-convention,agree=-1;disagree=+1;pass=0\n"
    folder = a_folder(tmp_path, summary=summary, comments=comments(), votes=votes((1, "1", "a", 1)))

    with pytest.raises(FileRefused, match=r"summary\.csv:2: votes written as"):
        read_export(folder)


def test_votes_declared_with_the_usual_signs_are_read(tmp_path):
    summary = "topic,Roads\nvote-convention,agree=+1;disagree=-1;pass=0;format=polis-export/1\n"

    export = read_export(a_folder(tmp_path, summary=summary, comments=comments(), votes=votes((1, "1", "a", 1))))

    assert said(export) == {("a", "1"): 1}


def test_a_folder_without_votes_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"neither votes\.csv nor participant-votes\.csv"):
        read_export(a_folder(tmp_path, comments=comments()))


def test_a_folder_without_statements_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"comments\.csv: this file is missing"):
        read_export(a_folder(tmp_path, votes=votes((1, "1", "a", 1))))


@pytest.mark.parametrize("file", ["comments", "votes"])
def test_a_file_with_other_columns_is_refused_by_its_first_line(tmp_path, file):
    files = {"comments": comments(), "votes": votes((1, "1", "a", 1))} | {file: "one,two\n1,2\n"}

    with pytest.raises(FileRefused, match=rf"{file}\.csv:1: no column"):
        read_export(a_folder(tmp_path, **files))


def test_an_export_without_a_single_vote_is_read(tmp_path):
    export = read_export(a_folder(tmp_path, comments=comments(), votes=votes(), participants_votes="participant,1\n"))

    assert (len(export.ballots), len(to_votes(export)), export.differences) == (0, 0, ())


def test_the_votes_are_those_that_stand(tmp_path):
    log = votes((9, "1", "b", -1), (5, "1", "b", 1), (7, "3", "a", 0))

    result = to_votes(read_export(a_folder(tmp_path, comments=comments(), votes=log)))

    assert (result.participants, result.statements) == (("a", "b"), ("1", "3"))
    assert result.values.tolist() == [0, -1]


def test_progress_is_told_on_the_way(tmp_path):
    log = votes(*((n, "1", str(n), 1) for n in range(50_000)))
    told: list[float] = []

    read_export(a_folder(tmp_path, comments=comments(), votes=log), told.append)

    assert len(told) >= 2
    assert told == sorted(told)
    assert told[-1] <= 1


def test_real_exports_have_the_counts_of_their_files_and_agree_with_their_tables(real_data):
    folders = sorted((real_data / "polis-open-data").iterdir())
    assert folders
    for folder in folders:
        export = read_export(folder)

        rows = _rows(folder / "votes.csv")
        assert len(export.statements) == len(_rows(folder / "comments.csv")), folder.name
        assert len(export.ballots) == len(rows), folder.name
        assert len(said(export)) == len({(row["voter-id"], row["comment-id"]) for row in rows}), folder.name
        assert said(export) == _table(folder / "participants-votes.csv"), folder.name
        assert (export.skipped, export.differences) == ((), ()), folder.name


def test_a_real_log_and_its_real_table_alone_give_the_same_votes(tmp_path, real_data):
    source = real_data / "polis-open-data" / "vtaiwan.uberx"
    for name in ("comments.csv", "participants-votes.csv"):
        (tmp_path / name).write_bytes((source / name).read_bytes())

    assert to_votes(read_export(tmp_path)).digest == to_votes(read_export(source)).digest


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _table(path: Path) -> dict[tuple[str, str], int]:
    return {
        (row["participant"], column): int(cell)
        for row in _rows(path)
        for column, cell in row.items()
        if column.isdigit() and cell
    }
