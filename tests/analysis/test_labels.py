"""Letters of groups: A stays A, whatever the order of anything."""

import numpy as np
import pytest

from analysis.labels import GroupChange, changes, given, label

PEOPLE = [f"p{each:02}" for each in range(20)]


def letters_of(groups, previous=None, contents=None, people=PEOPLE, overlap=0.3):
    groups = np.array(groups)
    contents = np.zeros((groups.max(initial=-1) + 1, 1)) if contents is None else np.array(contents)
    return label(groups, people, contents, previous, overlap).of_each()


def test_at_the_start_the_largest_group_is_a():
    assert letters_of([0] * 5 + [1] * 12 + [-1] * 3) == ["B"] * 5 + ["A"] * 12 + [None] * 3


def test_groups_of_one_size_are_told_apart_by_content_not_by_number():
    contents = [[3, 1], [1, 3]]

    assert letters_of([0] * 10 + [1] * 10, contents=contents) == ["B"] * 10 + ["A"] * 10
    assert letters_of([1] * 10 + [0] * 10, contents=contents[::-1]) == ["B"] * 10 + ["A"] * 10


def test_a_group_keeps_its_letter_when_it_becomes_the_smaller_one():
    before = dict(zip(PEOPLE, letters_of([0] * 11 + [1] * 9), strict=True))

    assert letters_of([0] * 9 + [1] * 11, before) == ["A"] * 9 + ["B"] * 11


def test_a_group_that_splits_leaves_its_letter_to_the_larger_part():
    before = dict(zip(PEOPLE, letters_of([0] * 12 + [1] * 8), strict=True))

    assert letters_of([0] * 7 + [1] * 5 + [2] * 8, before) == ["A"] * 7 + ["C"] * 5 + ["B"] * 8


def test_a_letter_that_is_no_longer_used_is_not_given_to_others():
    before = dict(zip(PEOPLE, letters_of([0] * 9 + [1] * 7 + [2] * 4), strict=True))
    scattered = [0] * 9 + [0] * 7 + [1, 2, 1, 2]

    assert set(letters_of(scattered, before, overlap=0.9)) == {"D", "E", "F"}


def test_who_came_later_does_not_weaken_a_groups_claim():
    before = dict(zip(PEOPLE[:6], ["A", "A", "A", "B", "B", "B"], strict=True))

    assert letters_of([0, 0, 0, 1, 1, 1] + [0] * 14, before) == ["A"] * 3 + ["B"] * 3 + ["A"] * 14


def test_after_a_run_without_groups_letters_begin_anew():
    before = dict.fromkeys(PEOPLE)

    assert letters_of([0] * 12 + [1] * 8, before) == ["A"] * 12 + ["B"] * 8


def test_letters_follow_the_groups_in_their_order():
    labelled = label(np.array([2, 2, 2, 0, 0, 1]), PEOPLE[:6], np.zeros((3, 1)), None, 0.3)

    assert labelled.letters == ("A", "B", "C")
    assert labelled.members.tolist() == [0, 0, 0, 1, 1, 2]
    assert labelled.sizes.tolist() == [3, 2, 1]


def test_after_z_comes_aa():
    people = [str(each) for each in range(28)]

    assert letters_of(range(28), people=people)[25:] == ["Z", "AA", "AB"]


def test_no_groups_need_no_letters():
    assert letters_of([-1, -1], people=["p", "q"]) == [None, None]


@pytest.mark.parametrize(
    ("name", "letter"), [("0", "A"), ("1", "B"), (0, "A"), ("A", "A"), ("north", "north"), ("", None)]
)
def test_given_groups_are_shown_as_polis_shows_them(name, letter):
    assert given({"p": name}, ["p", "q"]).of_each() == [letter, None]


def test_given_groups_of_people_who_did_not_vote_are_no_groups():
    assert given({"p": "0", "elsewhere": "1"}, ["p"]).letters == ("A",)


def told(before, now):
    return {
        each.letter: each
        for each in changes(dict(zip(PEOPLE, before, strict=False)), dict(zip(PEOPLE, now, strict=False)))
    }


def test_a_group_that_goes_on_says_who_stayed():
    change = told("AAAAAABBBB", "AAAABBBBBB")["A"]

    assert change == GroupChange("A", "continued", None, before=6, now=4, stayed=4)


def test_a_group_that_split_off_names_where_it_came_from():
    assert told("AAAAAABBBB", "AAACCCBBBB")["C"] == GroupChange("C", "appeared", "A", before=0, now=3, stayed=0)


def test_a_group_that_merged_names_where_it_went():
    assert told("AAAABBBCCC", "AAAABBBBBA")["C"] == GroupChange("C", "vanished", "B", before=3, now=0, stayed=0)


def test_a_group_of_people_from_everywhere_came_from_nowhere():
    assert told("AAABBBCCC", "DAADBBDCC")["D"].other is None


def test_newcomers_make_no_change():
    before, now = dict.fromkeys(PEOPLE[:4], "A"), dict.fromkeys(PEOPLE[:6], "A")

    assert changes(before, now) == (GroupChange("A", "continued", None, before=4, now=4, stayed=4),)


def test_from_and_to_no_groups_everything_appears_and_vanishes():
    nobody = dict.fromkeys(PEOPLE)
    letters = dict.fromkeys(PEOPLE, "A")

    assert [each.kind for each in changes(nobody, letters)] == ["appeared"]
    assert [each.kind for each in changes(letters, nobody)] == ["vanished"]
    assert changes(nobody, nobody) == ()
