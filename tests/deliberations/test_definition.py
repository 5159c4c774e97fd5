"""The YAML file of a deliberation: what it may say, and how it is refused by line and key."""

from pathlib import Path

import pytest

from deliberation.deliberations.definition import Definition
from deliberation.deliberations.yaml_files import parse_definition, read_definition
from deliberation.errors import ImportRefused

WHOLE = """\
title: How candid should an assistant be?
slug: candour
description: |
  Two questions.

  Many answers.
language: en
spec: sample
sections: [manner]
prompts:
  - id: novel
    title: A novel
    section: manner
    messages:
      - {role: developer, content: You help writers.}
      - {role: user, content: "Is it good enough?"}
    responses:
      - {id: A, text: Not yet.}
    statements:
      - {id: 010, text: "No", section: manner, language: en}
      - {text: The assistant should reply as in A., response: A}
  - example: a hard prognosis
  - evaluation: 7bwp/2
"""


def parsed(text: str) -> Definition:
    return parse_definition(text.encode(), "file.yaml")


def refusal(text: str) -> str:
    with pytest.raises(ImportRefused) as refused:
        parsed(text)
    return str(refused.value)


def test_every_key_is_read():
    definition = parsed(WHOLE.replace('"No"', "Never lie."))

    assert (definition.title, definition.slug, definition.spec) == (
        "How candid should an assistant be?",
        "candour",
        "sample",
    )
    assert definition.description == "Two questions.\n\nMany answers."
    novel, example, evaluation = definition.prompts
    assert novel.messages is not None
    assert [(message.role, message.content) for message in novel.messages] == [
        ("developer", "You help writers."),
        ("user", "Is it good enough?"),
    ]
    assert [(each.id, each.text) for each in novel.responses] == [("A", "Not yet.")]
    assert [(each.id, each.response, each.section) for each in novel.statements] == [
        ("010", None, "manner"),
        (None, "A", None),
    ]
    assert (example.example, evaluation.evaluation) == ("a hard prognosis", "7bwp/2")


def test_a_title_is_enough():
    assert parsed("title: Why?").prompts == []


def test_scalars_are_text_as_they_are_written():
    definition = parsed("title: 2026\ndescription: no\nprompts: [{messages: [{role: user, content: 1.50}]}]")

    assert (definition.title, definition.description) == ("2026", "no")
    assert definition.prompts[0].messages is not None
    assert definition.prompts[0].messages[0].content == "1.50"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title: How candid should an assistant be?", "title: "), "file.yaml:1: title: is missing"),
        (("title: How candid should an assistant be?\n", ""), "file.yaml:1: title: is missing"),
        (("slug: candour", "slug: Candour!"), "file.yaml:2: slug: 'Candour!' cannot be a name in addresses"),
        (("language: en\n", "language: English\n"), "file.yaml:7: language: 'English' is no code of a language"),
        (("language: en\n", "langauge: en\n"), "file.yaml:7: langauge: there is no such key"),
        (("sections: [manner]", "sections: [manner, manner]"), "file.yaml:9: sections[1]: there are two"),
        (("role: user", "role: doctor"), "file.yaml:16: prompts[0].messages[1].role: Input should be 'system'"),
        (("text: Not yet.", "text: ''"), "file.yaml:18: prompts[0].responses[0].text: is missing"),
        (('text: "No"', "text: No"), "file.yaml:20: prompts[0].statements[0].text: 2 characters; 3 to 400"),
        (("response: A}", "response: B}"), "file.yaml:21: prompts[0].statements[1].response: there is no"),
        (("- example: a hard prognosis", "- title: None"), "file.yaml:22: prompts[1]: exactly one of messages"),
        (("  - evaluation: 7bwp/2", "  - {evaluation: 7bwp/2, id: novel}"), "file.yaml:23: prompts[2].id: there are"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(change, said):
    text = WHOLE if "No" in change[0] else WHOLE.replace('"No"', "Never lie.")
    assert change[0] in text

    assert refusal(text.replace(*change)).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "file.yaml:1: a deliberation is a list of keys and values"),
        ("- a\n- b", "file.yaml:1: a deliberation is a list of keys and values"),
        ("title: a: b", "file.yaml:1: not YAML"),
        ("title: 'open\n", "file.yaml:2: not YAML"),
        ("title: One\ntitle: Two", "file.yaml:2: the key 'title' is there twice"),
        ("title: &a One\ndescription: *a", "file.yaml:2: references (*name) are not read"),
        ("title: One\n---\ntitle: Two", "file.yaml:2: not YAML"),
        ("title: " + "[" * 10_000, "file.yaml:1: nested more than 20 levels deep"),
        ("? [a, b]\n: c", "file.yaml:1: a key is plain text, not a list or a mapping"),
        ("title: One\n? {a: b}\n: c", "file.yaml:2: a key is plain text, not a list or a mapping"),
        ("title: !!python/object/apply:os.system [ls]", "file.yaml:1: title: Input should be a valid string"),
        ('title: "One\\u202Etwo"', "file.yaml:1: title: the character U+202E cannot be shown"),
        ('title: "One\\x07two"', "file.yaml:1: title: the character U+0007 cannot be shown"),
        ('title: "One\\ud800two"', "file.yaml:1: "),
        ("title: One\x00", "file.yaml: not YAML"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(text, said):
    assert refusal(text).startswith(said)


def test_what_is_no_text_is_refused_by_its_line():
    with pytest.raises(ImportRefused, match=r"file\.yaml:2: not UTF-8"):
        parse_definition(b"title: One\ndescription: \xff", "file.yaml")


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path):
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 2_000_001)

    with pytest.raises(ImportRefused, match="larger than 2 MB"):
        read_definition(large)
    with pytest.raises(ImportRefused, match="there is no such file"):
        read_definition(tmp_path / "nowhere.yaml")


def test_the_demo_s_own_file_is_read():
    definition = read_definition(Path("deliberation/demo/data/deliberation.yaml"))

    assert sum(len(prompt.statements) for prompt in definition.prompts) == 60
