"""Reasons: counted as the browser counts, cleaned of what no text needs, and the latest stands."""

import pytest
from flask import Flask

from deliberation.voting.reasons import LIMIT, ReasonTooLong, clean
from tests.voting.voters import Voter, open_deliberation, rows


def test_a_line_break_counts_as_one_character() -> None:
    assert clean("a\r\n" * (LIMIT // 2 - 1) + "bc") == "a\n" * (LIMIT // 2 - 1) + "bc"


@pytest.mark.parametrize("text", ["x" * LIMIT, "界" * LIMIT, "  " + "x" * LIMIT + "\n\n"])
def test_a_reason_at_the_limit_is_kept(text: str) -> None:
    assert len(clean(text)) == LIMIT


def test_a_reason_beyond_the_limit_is_refused_and_not_cut() -> None:
    with pytest.raises(ReasonTooLong, match="281"):
        clean("x" * (LIMIT + 1))


@pytest.mark.parametrize(
    ("text", "kept"), [("a\x00b", "ab"), ("a\x1b[31mb", "a[31mb"), ("a\tb\nc", "a\tb\nc"), (" \n ", "")]
)
def test_control_characters_go(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_the_latest_reason_stands_and_an_empty_one_takes_nothing_back(any_app: Flask) -> None:
    voter = Voter(any_app, open_deliberation(any_app))
    card = voter.look()

    for reason in ("first", "second\x00", ""):
        assert voter.send(card, "agree", reason=reason).status_code == 200

    assert rows(any_app, "SELECT text FROM reason") == [("second",)]
    assert rows(any_app, "SELECT choice FROM vote_event") == [(1,)]
