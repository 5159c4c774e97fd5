"""Two published releases of a Model Spec: what is in them is found, and edits of them hold together."""

import re
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from deliberation.spec.text.document import Authority, Document, Label, Message
from deliberation.spec.text.edits import add_example, add_rule, apply
from deliberation.spec.text.parsing import decode, parse, read_evaluation_prompts
from deliberation.spec.text.passages import passages
from deliberation.spec.text.references import broken_references, footnote_marks, lost_footnotes
from deliberation.spec.text.rendering import render

NEWER, OLDER = "2025-12-18", "2025-04-11"


@cache
def _parsed(file: Path) -> Document:
    return parse(decode(file.read_bytes(), file.name), file.name)


@pytest.fixture
def newer(real_data: Path) -> Document:
    return _parsed(real_data / "model-spec" / NEWER / "model_spec.md")


@pytest.fixture
def older(real_data: Path) -> Document:
    return _parsed(real_data / "model-spec" / OLDER / "model_spec.md")


@pytest.fixture(params=[NEWER, OLDER])
def release(request: pytest.FixtureRequest, real_data: Path) -> Document:
    return _parsed(real_data / "model-spec" / request.param / "model_spec.md")


def test_the_newer_release_has_its_eighty_sections(newer: Document):
    assert len(newer.sections) == 80
    assert all(section.has_own_id for section in newer.sections)
    assert newer.authority_counts() == {
        Authority.ROOT: 22,
        Authority.SYSTEM: 3,
        Authority.DEVELOPER: 1,
        Authority.USER: 15,
        Authority.GUIDELINE: 18,
        None: 21,
    }
    assert [section.tags for section in newer.sections if section.tags] == [("under_18",)]


def test_the_newer_release_has_its_examples_and_verdicts(newer: Document):
    responses = [response for comparison in newer.comparisons for response in comparison.responses]

    assert len(newer.examples) == 183
    assert len(newer.comparisons) == 189
    assert Counter(len(example.comparisons) for example in newer.examples) == {1: 173, 2: 8, 0: 2}
    assert sum(comparison.labels == {Label.GOOD} for comparison in newer.comparisons) == 29
    assert {response.label for response in responses} == set(Label)
    assert sum(response.written in {"GOOD", "BAD"} for response in responses) == 206
    assert sum(bool(re.match("(GOOD|BAD): ", response.written)) for response in responses) == 166
    assert all(response.messages for response in responses)


def test_the_newer_release_has_its_commentary_references_and_footnotes(newer: Document):
    assert len(newer.commentaries) == 28
    assert sum(reference.auto_title for reference in newer.references) == 66
    assert len(newer.footnotes) == len(footnote_marks(newer)) == 116


def test_the_newer_release_has_its_roles_and_attributes(newer: Document):
    prompts = [message for example in newer.examples for message in example.messages]
    answers = [m for c in newer.comparisons for response in c.responses for m in response.messages]

    assert {message.role for message in prompts} == {"system", "developer", "user", "assistant", "tool"}
    names = {name for message in [*prompts, *answers] for name, _ in message.attributes}
    assert names == {"recipient", "end_turn", "name", "comment"}
    assert sum("<untrusted>\n" in message.content for message in prompts) == 2
    assert sum("<settings>\n" in message.content for message in prompts) == 5


def test_the_newer_release_has_its_evaluation_prompts(newer: Document, real_data: Path):
    prompts = read_evaluation_prompts(real_data / "model-spec" / NEWER / "examples")

    assert len(prompts) == 272
    assert len({prompt.file for prompt in prompts}) == 114
    assert all(prompt.messages and prompt.title and prompt.section_title for prompt in prompts)
    assert all(prompt.file == f"{prompt.focus}.md" for prompt in prompts)
    focuses = {prompt.focus for prompt in prompts}
    assert focuses - set(footnote_marks(newer)) == {"91ld", "lds1"}
    assert set(footnote_marks(newer)) - focuses == {"d0pu", "h82a", "rse0", "t5q0"}


def test_a_folder_that_is_not_there_has_no_prompts(real_data: Path):
    assert read_evaluation_prompts(real_data / "model-spec" / OLDER / "examples") == []


def test_the_older_release_reads_platform_as_root(older: Document):
    words = {section.authority_word for section in older.sections if section.authority is Authority.ROOT}

    assert words == {"platform"}
    assert older.authority_counts()[Authority.ROOT] == 20


def test_the_older_release_has_its_examples_though_some_lines_are_marked(older: Document):
    assert len(older.sections) == 71
    assert len(older.examples) == 154
    assert len(older.comparisons) == older.text.count("<comparison>")
    responses = [response for comparison in older.comparisons for response in comparison.responses]
    assert len(responses) == len(re.findall("<!-- (GOOD|BAD|OK)", older.text))


def test_a_release_is_whole(release: Document):
    assert broken_references(release) == []
    assert "".join(release.source(section.id) for section in release.sections) == release.text
    for footnote in release.footnotes:
        assert release.text[footnote.span.start : footnote.span.end] == f"[^{footnote.mark}]"
    for example in release.examples:
        assert release.text[example.span.start : example.span.end].startswith("**Example**: ")
        assert release.text[example.span.start : example.span.end].endswith("\n~~~")


def test_a_release_is_read_in_well_under_two_seconds(real_data: Path):
    data = (real_data / "model-spec" / NEWER / "model_spec.md").read_bytes()

    began = time.process_time()
    parse(decode(data, "model_spec.md"))

    assert time.process_time() - began < 1


def test_every_section_is_drawn_with_every_response(newer: Document):
    html = "".join(html for _, html in render(newer))

    assert html.count('<figure class="example">') == 183
    assert html.count('<span class="verdict ') == 397
    assert html.count('<aside class="commentary">') == 28
    assert html.count('id="footnote-') == 116
    assert ">?</a>" not in html


def test_passages_hold_no_example(newer: Document):
    found = passages(newer)

    assert len(found) > 300
    assert not {passage.text for passage in found} & {f"Example: {example.title}" for example in newer.examples}
    assert not any(re.search(r"</?(user|assistant|comparison)>", passage.text) for passage in found)


def test_a_rule_and_an_example_in_every_section_leave_everything_else_as_it_was(release: Document):
    sentence = "# 不要 guess[^abcd]: say *so*, see [?](#nowhere)."
    prompt = [Message("user", "~~~\n</user> 你好")]

    edits = [add_rule(release, section.id, sentence) for section in release.sections]
    edits += [
        add_example(release, section.id, sentence, prompt, good=[("Hi", sentence)], bad=[("~~~", None)])
        for section in release.sections
    ]
    after = parse(apply(release.text, edits))

    assert [(s.id, s.title, s.authority_word) for s in after.sections] == [
        (s.id, s.title, s.authority_word) for s in release.sections
    ]
    assert len(after.examples) == len(release.examples) + len(release.sections)
    assert Counter(passage.text for passage in passages(after))[sentence] == len(release.sections)
    assert len(passages(after)) == len(passages(release)) + len(release.sections)
    assert broken_references(after) == []
    assert lost_footnotes(release, after) == []
    assert footnote_marks(after) == footnote_marks(release)
    assert not after.text.endswith("\n")


def test_edits_taken_out_again_give_the_file_back(newer: Document):
    edits = [add_rule(newer, section.id, f"Rule for {section.title}.") for section in newer.sections]

    after = apply(newer.text, edits)

    for edit in edits:
        after = after.replace(edit.new, "", 1)
    assert after == newer.text
