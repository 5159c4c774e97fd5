"""Rows of a CSV file, each with its line, whatever the line ends and whatever is broken before."""

from pathlib import Path

import pytest

from analysis.csv_rows import FileRefused, Finding, read_csv


def rows_of(folder: Path, content: bytes, most_lines: int = 1) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    (folder / "file.csv").write_bytes(content)
    file = read_csv(folder / "file.csv", most_lines)
    skipped: list[Finding] = []
    return list(file.rows(len(file.header()), skipped)), skipped


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_rows_know_their_line_whatever_the_line_ends(tmp_path, end):
    content = end.join([b"\xef\xbb\xbfa,b", b"1,2", b"", b"3,4"])

    rows, skipped = rows_of(tmp_path, content)

    assert rows == [(2, ["1", "2"]), (4, ["3", "4"])]
    assert skipped == []


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    (tmp_path / "file.csv").write_bytes(b"\xef\xbb\xbfa,b\n")

    names = read_csv(tmp_path / "file.csv").header("a", "b")

    assert names == ["a", "b"]


def test_a_quoted_text_may_span_lines_and_the_lines_after_it_keep_their_numbers(tmp_path):
    rows, _ = rows_of(tmp_path, 'a,b\n1,"one\ntwo, ""three""\u2028"\n4,5\n'.encode(), most_lines=10)

    assert rows == [(2, ["1", 'one\ntwo, "three"\u2028']), (4, ["4", "5"])]


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path):
    rows, skipped = rows_of(tmp_path, b'a,b\n1,"2\n3,4\n5,6\n', most_lines=10)

    assert rows == [(3, ["3", "4"]), (4, ["5", "6"])]
    assert skipped == [Finding("file.csv", 2, "a quote is not closed")]


def test_a_row_that_may_not_span_lines_does_not_swallow_the_next(tmp_path):
    rows, skipped = rows_of(tmp_path, b'a,b\n1,"2\n3,4"\n5,6\n')

    assert rows == [(3, ["3", '4"']), (4, ["5", "6"])]
    assert [finding.line for finding in skipped] == [2]


@pytest.mark.parametrize("broken", [b"1,\xff2", b"1,\x002", b"1", b"1,2,3", b'1,"2"3'])
def test_a_row_that_does_not_fit_is_listed_and_the_others_are_read(tmp_path, broken):
    rows, skipped = rows_of(tmp_path, b"a,b\n1,2\n" + broken + b"\n3,4")

    assert [line for line, _ in rows] == [2, 4]
    assert [(finding.file, finding.line) for finding in skipped] == [("file.csv", 3)]


def test_a_missing_column_refuses_the_file_by_its_first_line(tmp_path):
    (tmp_path / "file.csv").write_bytes(b"a,c\n1,2\n")

    with pytest.raises(FileRefused, match=r"file\.csv:1: no column b"):
        read_csv(tmp_path / "file.csv").header("a", "b")


@pytest.mark.parametrize("content", [b"", b"\xff\xfea\x00,\x00b\x00", b"\n\n"])
def test_a_file_without_a_readable_header_is_refused(tmp_path, content):
    (tmp_path / "file.csv").write_bytes(content)

    with pytest.raises(FileRefused, match=r"file\.csv:1: no column"):
        read_csv(tmp_path / "file.csv").header("a")


def test_a_column_that_is_there_twice_refuses_the_file(tmp_path):
    (tmp_path / "file.csv").write_bytes(b"a,a\n1,2\n")

    with pytest.raises(FileRefused, match="the column 'a' is there twice"):
        read_csv(tmp_path / "file.csv").header("a")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"nowhere\.csv: this file is missing"):
        read_csv(tmp_path / "nowhere.csv")
