"""Any words, put anywhere into any document, stay words; any bytes are read or refused, never worse."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deliberation.errors import SpecError
from deliberation.spec.text.conversations import tidy
from deliberation.spec.text.document import Comparison, Document, Message, Span
from deliberation.spec.text.edits import Edit, add_example, add_rule, apply
from deliberation.spec.text.escaping import one_line
from deliberation.spec.text.parsing import decode, parse
from deliberation.spec.text.passages import passages
from deliberation.spec.text.references import broken_references, lost_footnotes
from deliberation.spec.text.rendering import render
from tests.spec.text.samples import PLAIN, SPEC, WITH_FRONT_MATTER

FRAGMENTS = [
    *("#", "# ", "## x", "-", "- ", "* ", "+ ", "1. ", "2) ", ">", "---", "***", "===", "~~~", "~~~~", "```", "    "),
    *("{#x}", "{#x authority=root}", "[^abcd]", "[^abcd]: ", "[?](#x)", "[a](#x)", "![a](#x)", "[a]: #x", "(#x)"),
    *(
        "<user>",
        "</user>",
        "<assistant>",
        "</assistant>",
        "<comparison>",
        "</comparison>",
        "<untrusted>",
        "</untrusted>",
    ),
    *("<!-- GOOD -->", "<!-- BAD: ", "<!--", "-->", "<b>", "</b>", "<script>", "<?", "<![CDATA[", "&lt;", "&#35;", "&"),
    *(
        "**Example**: ",
        "**",
        "*",
        "_",
        "`",
        "\\",
        "|",
        "|---|",
        "!!! meta",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        " ",
        "  ",
    ),
    *("机器人", "不确定。", "　", "é", "\u200f", "\u2028", "\ufeff", "word", "don't", "50%", "1", "\0", "\x0c", "\x85"),
]
words = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), max_size=12).map("".join)

BLOCKS = [
    *(
        "Words.",
        "Two\nlines.",
        "- a\n- b",
        "* a\n\n* b",
        "- a\n  - b",
        "1. a\n2. b",
        "- a\n\n  b",
        "-",
        "> quote",
        "    code",
    ),
    *(
        "~~~\n# no\n~~~",
        "```py\n- x\n```",
        "- ```\n  x\n  ```",
        "!!! meta\n    Why.",
        "<div>",
        "<!-- note -->",
        "[a]: #a",
    ),
    *(
        "**Example**: x\n\n~~~xml\n<user>\nhi\n</user>\n~~~",
        "| a |\n|---|",
        "***",
        "See [?](#top)[^ab12].",
        "a\\",
        "+ x",
        "a\n:",
    ),
    *("# A", "## B {authority=user}", "C\n===", "D\n---", "<b>", "- [ ] x", "-\ta", " -   a", "10. a", "\t- a"),
]
documents = st.one_of(
    st.sampled_from([SPEC, PLAIN, WITH_FRONT_MATTER, SPEC + "\n"]),
    st.lists(st.tuples(st.sampled_from(BLOCKS), st.sampled_from(["\n", "\n\n"])), max_size=8).map(
        lambda blocks: "# Top {#top}\n" + "".join(end + block for block, end in blocks)
    ),
)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])
labelled = st.lists(st.tuples(words, st.none() | words), max_size=2)


def structure(document: Document) -> dict[str, object]:
    """Everything in a document except places and prose."""
    nowhere = Span(0, 0, 0, 0)
    return {
        "sections": [replace(section, span=nowhere, heading=nowhere) for section in document.sections],
        "examples": [(example.section_id, example.title, spoken(example.turns)) for example in document.examples],
        "commentary": [(commentary.section_id, commentary.text) for commentary in document.commentaries],
        "footnotes": [(footnote.mark, footnote.section_id) for footnote in document.footnotes],
        "references": [(reference.target, reference.section_id) for reference in document.references],
    }


def spoken(turns: tuple[Message | Comparison, ...]) -> list[object]:
    return [
        turn if isinstance(turn, Message) else [(r.label, r.reason, r.rule, r.messages) for r in turn.responses]
        for turn in turns
    ]


def is_insertion(before: str, edit: Edit, after: str) -> bool:
    return edit.old == "" and after == before[: edit.start] + edit.new + before[edit.start :]


@settings(max_examples=300, deadline=None)
@given(documents, line_ends, words, st.integers(0))
def test_a_rule_of_any_words_changes_nothing_but_its_section(text: str, line_end: str, sentence: str, which: int):
    assume(one_line(sentence))
    text = text.replace("\n", line_end)
    before = parse(text)
    section = before.sections[which % len(before.sections)]

    edit = add_rule(before, section.id, sentence)
    after = parse(apply(text, [edit]))

    assert is_insertion(text, edit, after.text)
    assert structure(after) == structure(before)
    known = passages(before)
    added = [passage for at, passage in enumerate(passages(after)) if at >= len(known) or passage != known[at]][:1]
    assert [(passage.section_id, passage.text) for passage in added] == [(section.id, one_line(sentence))]
    assert len(passages(after)) == len(known) + 1


@settings(max_examples=300, deadline=None)
@given(documents, line_ends, st.integers(0), st.data())
def test_an_example_of_any_words_reads_back_and_changes_nothing_else(
    text: str, line_end: str, which: int, data: st.DataObject
):
    text = text.replace("\n", line_end)
    before = parse(text)
    section = before.sections[which % len(before.sections)]
    title, prompt = data.draw(words.filter(one_line)), data.draw(words)
    good, bad = data.draw(labelled), data.draw(labelled)
    assume(good or bad)

    messages = [Message("developer", prompt, (("name", title),)), Message("user", prompt)]
    edit = add_example(before, section.id, title, messages, good=good, bad=bad)
    after = parse(apply(text, [edit]))

    assert is_insertion(text, edit, after.text)
    (added,) = [example for example in after.examples if example.span.start >= edit.start][:1]
    assert (added.section_id, added.title) == (section.id, one_line(title))
    assert added.messages == (
        Message("developer", tidy(prompt), (("name", one_line(title)),)),
        Message("user", tidy(prompt)),
    )
    read = [(r.label, r.messages[0].content, r.reason) for r in added.comparisons[0].responses]
    assert read == [
        (label, tidy(said), one_line(reason or "") or None)
        for label, responses in (("GOOD", good), ("BAD", bad))
        for said, reason in responses
    ]
    rest = replace(after, examples=tuple(example for example in after.examples if example is not added))
    assert structure(rest) == structure(before)
    assert passages(after) == passages(before)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0), words.filter(one_line), st.booleans()), min_size=1, max_size=6))
def test_many_amendments_apply_together(drafts: list[tuple[int, str, bool]]):
    before = parse(SPEC)
    edits = []
    for which, said, is_rule in drafts:
        section_id = before.sections[which % len(before.sections)].id
        edits.append(
            add_rule(before, section_id, said)
            if is_rule
            else add_example(before, section_id, said, [Message("user", said)], bad=[(said, said)])
        )

    after = parse(apply(SPEC, edits))

    assert [section.id for section in after.sections] == [section.id for section in before.sections]
    assert len(after.examples) == len(before.examples) + sum(not is_rule for _, _, is_rule in drafts)
    assert len(passages(after)) == len(passages(before)) + sum(is_rule for _, _, is_rule in drafts)
    assert broken_references(after) == []
    assert lost_footnotes(before, after) == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=60), words.map(lambda text: text.encode("utf-8", "ignore"))))
def test_any_bytes_are_read_or_refused(data: bytes):
    document = read_or_refused(data)

    if document is not None:
        assert document.text.encode() == data
        assert all("<script" not in html for _, html in render(document))
        for footnote in document.footnotes:
            assert document.text[footnote.span.start : footnote.span.end] == f"[^{footnote.mark}]"


def read_or_refused(data: bytes) -> Document | None:
    """The document, or None where the one kind of error was raised that says what is wrong and where."""
    try:
        return parse(decode(data, "spec.md"), "spec.md")
    except SpecError:
        return None
