"""Lists as files: safe in a spreadsheet, the same bytes where bytes are given."""

import csv
import io

import pytest
from flask import Flask

from deliberation.web.lists import csv_response, json_response


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "-", "＝1+1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(app: Flask, text: str) -> None:
    with app.test_request_context():
        answer = csv_response([["text"], [text]], "list.csv")

    assert list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))[1] == ["'" + text]


def test_numbers_stay_numbers_and_nothing_stays_empty(app: Flask) -> None:
    with app.test_request_context():
        answer = csv_response([["a", "b", "c"], [-1, 0.5, None]], "list.csv")

    assert answer.data.decode("utf-8-sig") == "a,b,c\r\n-1,0.5,\r\n"


def test_a_spreadsheet_reads_it_as_utf_8(app: Flask) -> None:
    with app.test_request_context():
        answer = csv_response([["应该"]], "list.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'inline; filename="list.csv"'


def test_json_bytes_are_left_as_they_are(app: Flask) -> None:
    with app.test_request_context():
        assert json_response(b'{"a":1}\n', "list.json").data == b'{"a":1}\n'
        assert json_response({"应该": None}, "list.json").json == {"应该": None}
