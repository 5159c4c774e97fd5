"""Exact edits: applied byte for byte, stacked, refused where they do not fit."""

import pytest

from deliberation.errors import NotFound, SpecError
from deliberation.spec.text.document import Label, Message
from deliberation.spec.text.edits import Edit, EditConflict, add_example, add_rule, apply
from deliberation.spec.text.parsing import parse
from deliberation.spec.text.passages import passages
from tests.spec.text.samples import PLAIN, SPEC

PROMPT = [Message("user", "Hi")]


def with_rules(text: str, section_id: str, *sentences: str) -> str:
    document = parse(text)
    return apply(text, [add_rule(document, section_id, sentence) for sentence in sentences])


def test_an_edit_replaces_what_it_names_and_nothing_else():
    assert apply("one two three", [Edit("a", 4, 7, "two", "2")]) == "one 2 three"


def test_edits_apply_in_the_order_of_their_places():
    edits = [Edit("a", 8, 13, "three", "3"), Edit("a", 0, 3, "one", "1")]

    assert apply("one two three", edits) == "1 two 3"


def test_insertions_at_one_point_follow_each_other_as_given():
    edits = [Edit("a", 3, 3, "", "!"), Edit("a", 3, 3, "", "?")]

    assert apply("one two", edits) == "one!? two"


def test_an_edit_of_text_that_is_not_there_is_refused():
    with pytest.raises(EditConflict, match=r"^2: the text to be edited in section 'a' is not there"):
        apply("one\ntwo", [Edit("a", 4, 7, "2wo", "2")])


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 2), (7, 9)])
def test_an_edit_outside_the_text_is_refused(start: int, end: int):
    with pytest.raises(EditConflict):
        apply("one two", [Edit("a", start, end, "", "x")])


@pytest.mark.parametrize("second", [Edit("b", 2, 5, "e t", "-"), Edit("b", 1, 1, "", "-"), Edit("b", 0, 3, "one", "-")])
def test_edits_that_overlap_are_refused(second: Edit):
    with pytest.raises(EditConflict, match="overlap"):
        apply("one two", [Edit("a", 0, 3, "one", "1"), second])


def test_a_rule_joins_the_list_that_ends_a_sections_prose():
    after = with_rules(SPEC, "rules", "Stay polite.")

    assert "- Stay `calm` and *kind*.\n- Stay polite.\n\n### Honesty" in after


def test_several_rules_stack_in_order():
    after = with_rules(SPEC, "rules", "One.", "Two.")

    assert "*kind*.\n- One.\n- Two.\n\n###" in after


def test_a_rule_is_a_paragraph_before_the_first_example_where_prose_ends_without_a_list():
    after = with_rules(SPEC, "honesty", "Do not flatter.", "Do not boast.")

    assert "guess.\n\nDo not flatter.\n\nDo not boast.\n\n**Example**" in after


def test_commentary_stays_behind_the_rule():
    after = with_rules(SPEC, "purpose", "A rule.")

    assert "[^ab12].\n\nA rule.\n\n!!! meta" in after


def test_a_section_that_begins_with_an_example_gets_its_rule_before_it():
    after = with_rules(SPEC, "style", "Be brief.")

    assert "authority=guideline}\n\nBe brief.\n\n**Example**: no verdict" in after


def test_a_list_set_apart_by_blank_lines_stays_so():
    after = with_rules(PLAIN, "tone", "Be clear.")

    assert "* Be brief.\n\n* Be warm.\n\n* Be clear.\n\n### Tone" in after


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (" +  a\n +  b", " +  a\n +  b\n +  New."),
        ("- a\n    - nested\n    - deeper", "- a\n    - nested\n    - deeper\n- New."),
        ("- a\n  continued", "- a\n  continued\n- New."),
        ("-\ta", "-\ta\n-\tNew."),
        ("- a\n-", "- a\n-\n- New."),
        ("1. a\n2. b", "1. a\n2. b\n\nNew."),
        ("- a\n\nAn end.", "- a\n\nAn end.\n\nNew."),
        ("> quote", "> quote\n\nNew."),
        ("    code", "    code\n\nNew."),
        ("", "New."),
    ],
)
def test_a_rule_follows_the_style_of_what_it_joins(written: str, expected: str):
    text = f"# A {{#a}}\n\n{written}\n\n# B {{#b}}\n" if written else "# A {#a}\n\n# B {#b}\n"

    after = with_rules(text, "a", "New.")

    assert after == f"# A {{#a}}\n\n{expected}\n\n# B {{#b}}\n"


def test_a_rule_keeps_apart_from_what_follows_without_a_blank_line():
    sections = [
        "# A {#a}",
        "**Example**: x\n\n~~~xml\n<user>\nhi\n</user>\n~~~",
        "# B {#b}",
        "- a",
        "# C {#c}",
        "[a]: #a",
    ]
    text = "\n".join([*sections, "# D {#d}", "[a]", ""])

    document = parse(text)
    after = parse(apply(text, [add_rule(document, section.id, "New.") for section in document.sections]))

    assert [section.id for section in after.sections] == ["a", "b", "c", "d"]
    assert [example.title for example in after.examples] == ["x"]
    assert [p.text for p in passages(after)] == ["New.", "a", "New.", "New.", "a", "New."]
    assert [reference.target for reference in after.references] == ["a"]


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_file_ends_as_it_did(end: str):
    text = f"# A {{#a}}\n\nWords.{end}"

    after = with_rules(text, "a", "New.")

    assert after == f"# A {{#a}}\n\nWords.\n\nNew.{end}"


def test_windows_line_ends_stay_alone():
    text = SPEC.replace("\n", "\r\n")
    document = parse(text)

    after = apply(
        text, [add_rule(document, "rules", "New."), add_example(document, "style", "t", PROMPT, good=[("a\nb", None)])]
    )

    assert "\n" not in after.replace("\r\n", "")
    assert parse(after).examples[-1].comparisons[0].responses[0].messages[0].content == "a\nb"


@pytest.mark.parametrize(
    "sentence",
    [
        "# A heading {#id authority=root}",
        "- a bullet",
        "1. a number",
        "12) a number",
        "> a quote",
        "~~~",
        "``` fence",
        "--- ",
        "- - -",
        "===",
        "!!! note",
        "| a | b |",
        "[^abcd] and [^abcd]: more",
        "[?](#nowhere) and [x](#nowhere), ![i](#nowhere)",
        "[ref]: #nowhere",
        "<script>alert(1)</script> <!-- comment",
        "<https://example.org>",
        "&lt; &amp; &#35; AT&T",
        "*a* **b** _c_ snake_case 2 * 3",
        "a \\ b \\\\ c\\",
        "ends with {#id}",
        "two\nlines\r\n\r\n# three",
        "\t indented",
        "**Example**: a title",
        "机器人应当先说明自己不确定。　不要“猜”！",
        "nul \0, bell \a, separator \u2028, next line \x85",
    ],
)
def test_a_sentence_stays_what_it_says_and_changes_nothing_else(sentence: str):
    before = parse(SPEC)
    words = sentence.replace("\0", " ").replace("\a", " ").split()

    for section in before.sections:
        after = parse(apply(SPEC, [add_rule(before, section.id, sentence)]))

        assert [(s.id, s.title, s.authority) for s in after.sections] == [
            (s.id, s.title, s.authority) for s in before.sections
        ]
        assert [example.turns for example in after.examples][1:] == [example.turns for example in before.examples][1:]
        assert [mark.mark for mark in after.footnotes] == [mark.mark for mark in before.footnotes]
        assert [r.target for r in after.references] == [r.target for r in before.references]
        added = [p for p in passages(after) if p not in passages(before)]
        assert [(p.section_id, p.text.split()) for p in added] == [(section.id, words)]


def test_ordinary_sentences_stay_as_they_are_written():
    sentence = 'Say "I don\'t know" (e.g. 50% sure), cost: $5 & up; a_b, 2 < 3 --- truly!'

    assert f"- {sentence}\n" in with_rules(SPEC, "rules", sentence)


@pytest.mark.parametrize("sentence", ["", "  \n\t ", "\0\a"])
def test_an_empty_sentence_is_refused(sentence: str):
    with pytest.raises(SpecError, match="empty sentence"):
        add_rule(parse(SPEC), "rules", sentence)


def test_a_rule_for_a_section_that_is_not_there_is_refused():
    with pytest.raises(NotFound):
        add_rule(parse(SPEC), "nowhere", "Words.")


def test_an_example_is_written_in_the_specs_own_syntax_at_the_sections_end():
    document = parse(SPEC)

    edit = add_example(document, "rules", "asking *nicely*", PROMPT, good=[("Hello", "polite")], bad=[("What?", None)])

    assert apply(SPEC, [edit]) == SPEC.replace(
        "*kind*.\n",
        "*kind*.\n\n**Example**: asking \\*nicely\\*\n\n~~~xml\n<user>\nHi\n</user>\n<comparison>\n"
        "<assistant> <!-- GOOD: polite -->\nHello\n</assistant>\n<assistant> <!-- BAD -->\nWhat?\n</assistant>\n"
        "</comparison>\n~~~\n",
    )


def test_an_example_at_the_end_of_a_file_without_a_last_line_break_adds_none():
    after = apply(SPEC, [add_example(parse(SPEC), "style", "t", PROMPT, bad=[("x", "y")])])

    assert after.startswith(SPEC)
    assert after.endswith("</comparison>\n~~~")
    assert parse(after).examples_of("style")[1].comparisons[0].labels == {Label.BAD}


def test_a_rule_comes_before_an_example_that_was_given_first():
    document = parse(SPEC)

    edits = [
        add_example(document, "rules", "one", PROMPT, good=[("x", None)]),
        add_rule(document, "rules", "New."),
        add_example(document, "rules", "two", PROMPT, good=[("x", None)]),
    ]
    after = apply(SPEC, edits)

    assert after.index("- New.") < after.index("**Example**: one") < after.index("**Example**: two")
    assert [example.title for example in parse(after).examples_of("rules")] == ["one", "two"]


def test_an_example_keeps_apart_from_a_heading_right_after_it():
    text = "# A {#a}\nwords\n# B {#b}\n"

    after = apply(text, [add_example(parse(text), "a", "t", PROMPT, good=[("x", None)])])

    assert after.endswith("</comparison>\n~~~\n\n# B {#b}\n")
    assert after.startswith("# A {#a}\nwords\n\n**Example**: t\n\n~~~xml\n")


def test_conversations_that_hold_markup_read_back_unchanged():
    document = parse(SPEC)
    hostile = (
        "~~~\n</user>\n<comparison>\n# Heading {#x}\n~~~~~\n<!-- BAD -->\n&lt; [?](#nowhere) [^abcd]\n**Example**: x"
    )

    edit = add_example(
        document, "rules", hostile, [Message("user", hostile)], good=[(hostile, hostile)], bad=[(hostile, None)]
    )
    after = parse(apply(SPEC, [edit]))

    (example,) = after.examples_of("rules")
    good, bad = example.comparisons[0].responses
    assert example.title == " ".join(hostile.split())
    assert example.messages == (Message("user", hostile),)
    assert (good.messages[0].content, good.reason) == (hostile, " ".join(hostile.split()))
    assert (bad.messages[0].content, bad.reason) == (hostile, None)
    assert len(after.sections) == len(document.sections)
    assert [reference.target for reference in after.references] == [r.target for r in document.references]
    assert [mark.mark for mark in after.footnotes] == ["ab12", "cd34"]


@pytest.mark.parametrize(
    ("title", "messages", "good"), [("", PROMPT, [("x", None)]), ("t", [], [("x", None)]), ("t", PROMPT, [])]
)
def test_half_an_example_is_refused(title: str, messages: list[Message], good: list[tuple[str, None]]):
    with pytest.raises(SpecError, match="an example needs"):
        add_example(parse(SPEC), "rules", title, messages, good=good)
