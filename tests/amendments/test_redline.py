"""What people see of an edit."""

from deliberation.amendments.redline import Spoken, around, redline, spoken
from deliberation.spec.text.document import Message
from deliberation.spec.text.edits import add_example, add_rule
from deliberation.spec.text.parsing import parse
from tests.amendments.scenes import SPEC


def test_words_are_compared_whole():
    assert redline("It does not lie.", "It does never lie.") == [
        ("same", "It does "),
        ("del", "not"),
        ("ins", "never"),
        ("same", " lie."),
    ]


def test_chinese_is_compared_sign_by_sign():
    assert redline("助手应说明来源。", "助手应说明来源和不确定之处。") == [
        ("same", "助手应说明来源"),
        ("ins", "和不确定之处"),
        ("same", "。"),
    ]


def test_every_sign_of_both_texts_stands_in_the_redline():
    before, after = "Don’t say “yes” — 不 &c.\n\n- two", "Do say “no” — 是 &c.\n- two  three"

    parts = redline(before, after)

    assert "".join(text for kind, text in parts if kind != "ins") == before
    assert "".join(text for kind, text in parts if kind != "del") == after


def test_a_rule_is_shown_with_the_paragraph_before_it():
    document = parse(SPEC)

    parts = around(document, add_rule(document, "candour", "Be kind."))

    assert parts == [
        ("same", "• It names the weakest point of a draft.\n• It says what it could not check."),
        ("same", "\n"),
        ("ins", "• Be kind."),
    ]


def test_the_heading_is_no_paragraph():
    document = parse("# One {#one authority=user}\n\n# Two {#two}\n")

    parts = around(document, add_rule(document, "one", "Be kind."))

    assert [kind for kind, _ in parts] == ["ins"]


def test_people_see_no_markup():
    document = parse("# One {#one authority=user}\n\nSee **this** in [?](#two)[^ab12].\n\n# Two {#two}\n")

    parts = around(document, add_rule(document, "one", "Mark *doubt* as [doubt]."))

    assert parts == [("same", "See this in Two."), ("same", "\n\n"), ("ins", "Mark *doubt* as [doubt].")]


def test_of_a_long_list_only_the_end_is_shown():
    bullets = "\n".join(f"- Rule number {number} of a very long list of rules." for number in range(50))
    document = parse(f"# One {{#one authority=user}}\n\n{bullets}\n")

    parts = around(document, add_rule(document, "one", "Be kind."))

    assert parts[0][1].startswith("• Rule number 4")
    assert len(parts[0][1]) <= 300
    assert parts[-1] == ("ins", "• Be kind.")


def test_an_example_is_read_back_as_who_says_what():
    document = parse(SPEC)
    edit = add_example(
        document, "manner", "A poem", [Message("user", "Is it good?")], good=[("No.", None)], bad=[("Yes!", None)]
    )

    assert spoken(edit, {"No.": "B"}) == [
        Spoken("user", "Is it good?"),
        Spoken("GOOD", "No.", "B"),
        Spoken("BAD", "Yes!"),
    ]


def test_a_rule_says_nothing():
    document = parse(SPEC)

    assert spoken(add_rule(document, "candour", "Be kind."), {}) == []
