"""Patches as git reads them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deliberation.amendments.export.diff import diff
from tests.amendments.repositories import a_repository

LINES = st.lists(
    st.sampled_from(["", "one", "two", "--- a", "+++ b", "From x", "@@ -1 +1 @@", "三", "a\u2028b", "tab\t"]),
    max_size=12,
)
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n", "\r\n"]))


def _apply(folder: Path, before: str, patch: str) -> str:
    repository = a_repository(folder, before.encode())
    (folder / "a.patch").write_bytes(patch.encode())
    repository.git("apply", "--check", "a.patch")
    repository.git("apply", "--index", "a.patch")
    return repository.spec.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one\ntwo", "one\ntwo\n\n- three"),
        ("one\ntwo", "one\ntwo\n"),
        ("one\ntwo\n", "one\ntwo"),
        ("one\r\ntwo\r\n", "one\r\nand a half\r\ntwo\r\n"),
        ("one", "zero\none"),
        ("a\u2028b\nc\x0cd\n", "a\u2028b\nc\x0cd, too\n"),
        ("\n".join(map(str, range(60))), "\n".join(map(str, [*range(20), "new", *range(20, 50), *range(52, 60)]))),
    ],
)
def test_git_turns_one_text_into_the_other(tmp_path, before, after):
    patch = diff(before, after, "model_spec.md")

    applied = _apply(tmp_path / "repository", before, patch)

    assert applied == after


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXTS, after=TEXTS)
def test_git_turns_any_text_into_any_other(tmp_path_factory, before, after):
    assume(before != after and before and after)

    applied = _apply(tmp_path_factory.mktemp("any") / "repository", before, diff(before, after, "model_spec.md"))

    assert applied == after


def test_only_the_neighbourhood_of_a_change_stands_in_the_patch():
    before = "\n".join(f"line {number}" for number in range(1000))

    patch = diff(before, before.replace("line 500", "line 500\nline 500 and a half"), "model_spec.md")

    assert patch.splitlines()[4:] == [
        "@@ -499,6 +499,7 @@",
        " line 498",
        " line 499",
        " line 500",
        "+line 500 and a half",
        " line 501",
        " line 502",
        " line 503",
    ]


def test_the_same_text_twice_is_no_patch():
    with pytest.raises(ValueError, match="needs a change"):
        diff("same", "same", "model_spec.md")


def test_an_addition_that_ends_like_the_text_before_it_keeps_the_lines_before_it_as_context():
    before = "one\ntwo\n~~~\nolder\n~~~\n\n# Next\n\nmore\n"

    patch = diff(before, before.replace("# Next", "~~~\nnewer\n~~~\n\n# Next"), "model_spec.md")

    assert patch.splitlines()[4:] == [
        "@@ -4,6 +4,10 @@",
        " older",
        " ~~~",
        " ",
        "+~~~",
        "+newer",
        "+~~~",
        "+",
        " # Next",
        " ",
        " more",
    ]
