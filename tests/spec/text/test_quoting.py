"""The sentence by which a section is quoted."""

import pytest

from deliberation.spec.text.parsing import parse
from deliberation.spec.text.quoting import first_sentence


@pytest.mark.parametrize(
    ("prose", "sentence"),
    [
        ("It says what it finds. It is kind.", "It says what it finds."),
        ("It says **what** it finds[^ab12], as in [?](#one).", "It says what it finds, as in One."),
        ("It follows rules, e.g. those of law. It is kind.", "It follows rules, e.g. those of law."),
        ("它说出它的发现。它很友善。", "它说出它的发现。"),
        ("- A bullet\n\nThen prose.", "Then prose."),
        ("No full stop", "No full stop"),
        ("", None),
        ("```\n# no prose\n```", None),
        ("**Example**: a poem\n\n~~~xml\n<user>\nGood?\n</user>\n~~~\n", None),
    ],
)
def test_the_first_sentence_of_the_prose_is_quoted_without_markup(prose: str, sentence: str | None) -> None:
    document = parse(f"# One {{#one authority=user}}\n\n{prose}\n\n# Two {{#two}}\n\nAnother.\n")

    assert first_sentence(document, "one") == sentence


def test_a_very_long_sentence_ends_at_a_word() -> None:
    document = parse("# One {#one}\n\n" + "word " * 100 + "\n")

    quoted = first_sentence(document, "one")

    assert quoted is not None
    assert quoted.endswith("word…")
    assert len(quoted) <= 221
