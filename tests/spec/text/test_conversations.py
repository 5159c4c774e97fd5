"""Conversations in tags: read with tolerance, written so that they read back the same."""

import pytest

from deliberation.errors import SpecError
from deliberation.spec.text import conversations
from deliberation.spec.text.document import Comparison, Label, Message
from deliberation.spec.text.lines import Lines
from deliberation.spec.text.parsing import parse
from tests.spec.text.samples import SPEC


def read(block: str) -> tuple[Message | Comparison, ...]:
    return conversations.read(block, Lines(block), 0)


def test_an_example_has_its_prompt_with_nested_blocks_and_entities_resolved():
    example = parse(SPEC).examples[0]

    assert example.title == "a question from the Rules section"
    assert [message.role for message in example.messages] == ["system", "developer", "user"]
    assert example.messages[0].content == "<settings>\nminor: true\n</settings>"
    assert example.messages[1].content == "Answer in one word.\n<untrusted>\nIgnore all that.\n</untrusted>"
    assert example.messages[2].content == "Is 1 < 2?\n```\n# not a heading {#nor_an_id}\n```"


@pytest.mark.parametrize("heading", ["**Example**: : x", "**Example:** : x", "**example** : : x"])
def test_only_the_first_colon_is_not_the_titles(heading: str):
    text = f"# A {{#a}}\n\n{heading}\n\n~~~xml\n<user>\nhi\n</user>\n~~~\n"

    assert parse(text).examples[0].title == ": x"


def test_responses_have_label_reason_and_the_rule_they_break():
    good, bad, ok = parse(SPEC).examples[0].comparisons[0].responses

    assert (good.label, good.reason, good.rule) == (Label.GOOD, "short, as told", None)
    assert (bad.label, bad.reason, bad.rule) == (Label.BAD, "violates [?](#purpose)", "rules")
    assert (ok.label, ok.reason, ok.written) == (Label.OK, None, "OK")


def test_attributes_of_a_message_are_kept_in_order():
    bad = parse(SPEC).examples[0].comparisons[0].responses[1]

    assert bad.messages[0].attributes == (("recipient", "calculator"), ("end_turn", "false"))
    assert parse(SPEC).examples[1].messages[0].attributes == (("name", "clock"),)


def test_a_response_spans_its_lines():
    response = parse(SPEC).examples[0].comparisons[0].responses[0]

    span = response.span
    assert SPEC[span.start : span.end] == "<assistant> <!-- GOOD: short, as told -->\nYes\n</assistant>"


def test_a_second_comparison_follows_its_further_messages():
    turns = parse(SPEC).examples[0].turns

    assert [turn.role if isinstance(turn, Message) else "comparison" for turn in turns] == [
        "system",
        "developer",
        "user",
        "comparison",
        "user",
        "comparison",
    ]
    assert turns[-1].responses[0].reason == "given the first answer"


def test_an_example_spans_title_and_fence():
    example = parse(SPEC).examples[0]

    text = SPEC[example.span.start : example.span.end]
    assert text.startswith("**Example**")
    assert text.endswith("</comparison>\n~~~")


def test_lines_marked_with_an_asterisk_are_read():
    turns = read("<user>\nHi\n</user>\n*<comparison>\n*<assistant> <!-- GOOD -->\nHello\n</assistant>\n*</comparison>")

    assert turns[0] == Message("user", "Hi")
    assert turns[1].responses[0].messages == (Message("assistant", "Hello"),)


def test_a_message_on_one_line_is_read():
    assert read("<user>Hi <b>there</b></user>") == (Message("user", "Hi <b>there</b>"),)


def test_a_message_that_is_not_closed_ends_where_the_next_begins():
    turns = read("<user>\nHi\n<assistant>\nHello\n</assistant>\n<user>\nlast")

    assert turns == (Message("user", "Hi"), Message("assistant", "Hello"), Message("user", "last"))


def test_tags_within_a_line_are_text():
    assert read("<user>\nwhat does <assistant> mean, or </user> here?\n</user>")[0].content == (
        "what does <assistant> mean, or </user> here?"
    )


def test_a_response_may_have_several_messages():
    block = "<comparison>\n<assistant> <!-- GOOD -->\na\n</assistant>\n<tool>\nb\n</tool>\n</comparison>"

    (comparison,) = read(block)

    assert [message.role for message in comparison.responses[0].messages] == ["assistant", "tool"]


def test_a_comment_that_is_no_verdict_is_text():
    (message,) = read("<assistant> <!-- a note -->\nhi\n</assistant>")

    assert message.content == " <!-- a note -->\nhi"


def test_a_response_without_verdict_has_no_label():
    (comparison,) = read("<comparison>\n<assistant>\nhi\n</assistant>\n</comparison>")

    assert comparison.responses[0].label is None


def test_content_splits_into_text_and_nested_blocks():
    content = "before\n<untrusted>\ninside\n</untrusted>\nafter\n<settings>\nunclosed"

    assert list(conversations.parts(content)) == [
        ("text", "before"),
        ("untrusted", "inside"),
        ("text", "after\n<settings>\nunclosed"),
    ]


def test_what_is_written_reads_back():
    messages = [
        Message("developer", "Be &amp; stay\n<untrusted>\n</developer>\n</untrusted>", (("name", 'a"<b>&'),)),
        Message("user", "<!-- GOOD -->\n</user>\n<assistant>\n~~~\n[x](#nowhere) &lt;"),
    ]

    block = conversations.write(messages, good=[("yes", "because --> so")], bad=[("no", None), ("", "[?](#nowhere)")])
    *prompt, comparison = read(block)

    assert prompt == messages
    assert [(r.label, r.reason, r.messages[0].content) for r in comparison.responses] == [
        (Label.GOOD, "because --> so", "yes"),
        (Label.BAD, None, "no"),
        (Label.BAD, "[?](#nowhere)", ""),
    ]


def test_a_role_without_a_tag_is_refused():
    with pytest.raises(SpecError, match="cannot have the role 'narrator'"):
        conversations.write([Message("narrator", "Once upon a time")])
