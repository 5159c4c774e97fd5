"""Prose as plain passages."""

from deliberation.spec.text.parsing import parse
from deliberation.spec.text.passages import Passage, passages
from tests.spec.text.samples import SPEC


def test_passages_are_paragraphs_and_bullets_without_markup():
    assert passages(parse(SPEC)) == [
        Passage("purpose", "Why this text exists. It defers to the rules."),
        Passage("rules", "Stay lawful."),
        Passage("rules", "Stay calm and kind."),
        Passage("honesty", "Say what you know and mark what you guess."),
        Passage("honesty", "Prose goes on after the example."),
    ]


def test_a_reference_reads_as_the_title_of_its_section():
    text = "# A {#a}\n\nSee [?](#b) and [this](#b).\n\n# Be good {#b}\n"

    assert [passage.text for passage in passages(parse(text))] == ["See Be good and this."]


def test_code_is_no_passage():
    assert passages(parse("# A {#a}\n\n```\nprint()\n```\n\n    indented\n")) == []
