"""A small spec into values: sections, commentary, footnotes, references; other kinds of Markdown files too."""

from deliberation.spec.text.document import Authority
from deliberation.spec.text.parsing import parse
from tests.spec.text.samples import PLAIN, SPEC, WITH_FRONT_MATTER


def test_a_heading_gives_id_title_level_authority_and_tags():
    section = parse(SPEC).section("rules")

    assert (section.title, section.level, section.authority) == ("Rules", 2, Authority.ROOT)
    assert section.tags == ("minors", "voice")
    assert section.has_own_id


def test_sections_know_the_section_above_them():
    document = parse(SPEC)

    assert {section.id: section.parent for section in document.sections} == {
        "purpose": None,
        "rules": "purpose",
        "honesty": "rules",
        "style": None,
    }


def test_sections_fill_the_document_without_gaps():
    document = parse(SPEC)

    assert "".join(document.source(section.id) for section in document.sections) == SPEC


def test_a_heading_spans_its_line_alone():
    section = parse(SPEC).section("honesty")

    heading = section.heading
    assert SPEC[heading.start : heading.end] == "### Honesty {#honesty authority=user}"
    assert SPEC.split("\n")[heading.first_line - 1] == SPEC[heading.start : heading.end]
    assert heading.first_line == heading.last_line


def test_a_subtree_reaches_over_the_sections_below():
    document = parse(SPEC)

    subtree = document.subtree("purpose")

    assert subtree.start == 0
    assert subtree.end == document.section("style").span.start


def test_the_former_word_for_root_is_read_as_root_and_kept_as_written():
    section = parse("# A {#a authority=platform}\n").section("a")

    assert section.authority is Authority.ROOT
    assert section.authority_word == "platform"


def test_headings_inside_fences_and_lists_begin_no_section():
    text = "# Real {#real}\n\n- # In a list\n\n> # In a quote\n\n```\n# In a fence\n```\n\n~~~~\n~~~\n# Still\n~~~~\n"

    document = parse(text)

    assert [section.id for section in document.sections] == ["real"]


def test_headings_inside_comments_begin_no_section():
    document = parse("# Real {#real}\n\n<!--\n# Withdrawn {#withdrawn authority=nonsense}\n-->\n")

    assert [section.id for section in document.sections] == ["real"]


def test_a_title_is_without_markup_and_attributes_may_be_quoted():
    section = parse('## *Never* `lie`, [?](#x) or {joke} {: #a.b-c authority="user" data-x=1 .wide }\n').sections[0]

    assert section.title == "Never lie, ? or {joke}"
    assert section.id == "a.b-c"
    assert section.authority is Authority.USER


def test_braces_that_are_no_attributes_belong_to_the_title():
    titles = [section.title for section in parse("# Sets {a, b}\n\n# Braces \\{#x}\n\n# Empty {}\n").sections]

    assert titles == ["Sets {a, b}", "Braces {#x}", "Empty"]


def test_footnotes_need_no_definition_and_are_found_in_prose_only():
    text = "# A {#a}\n\nOne[^ab12], `[^no1x]`, *two[^cd34]*.\n\n```\n[^no2x]\n```\n\n- three[^ef56] [link[^gh78]](#a)\n"

    document = parse(text)

    assert [footnote.mark for footnote in document.footnotes] == ["ab12", "cd34", "ef56", "gh78"]
    assert [text[mark.span.start : mark.span.end] for mark in document.footnotes] == [
        "[^ab12]",
        "[^cd34]",
        "[^ef56]",
        "[^gh78]",
    ]


def test_places_are_exact_in_quotes_lists_tables_and_headings():
    text = (
        "# A[^h001] {#a}\n\n> quoted\n> [here](#a)\n\n1. one\n   [there](#a) x\n\n"
        "| a | b |\n|---|---|\n| c[^t001] | [cell](#a) |\n\n!!! note\n    inside [?](#a)\n"
    )

    document = parse(text)

    links = [text[reference.span.start : reference.span.end] for reference in document.references]
    assert links == ["[here](#a)", "[there](#a)", "[cell](#a)", "[?](#a)"]
    assert [text[mark.span.start : mark.span.end] for mark in document.footnotes] == ["[^h001]", "[^t001]"]


def test_references_are_found_in_prose_commentary_titles_and_verdicts():
    document = parse(SPEC)

    found = [(reference.section_id, reference.target, reference.auto_title) for reference in document.references]

    assert found == [
        ("purpose", "rules", False),
        ("purpose", "honesty", True),
        ("honesty", "rules", True),
        ("honesty", "rules", False),
        ("honesty", "purpose", True),
    ]


def test_commentary_is_text_of_its_section():
    (commentary,) = parse(SPEC).commentaries

    assert commentary.section_id == "purpose"
    assert commentary.title == "Commentary"
    assert commentary.text == "This explains and does not instruct, see Honesty.\n\nA second paragraph."
    assert SPEC[commentary.span.start : commentary.span.end].startswith("!!! meta")
    assert SPEC[commentary.span.start : commentary.span.end].endswith("second paragraph.")


def test_a_document_without_attributes_gets_ids_from_its_titles():
    document = parse(PLAIN)

    assert [section.id for section in document.sections] == ["handbook", "tone", "tone-1"]
    assert [section.level for section in document.sections] == [1, 2, 3]
    assert not any(section.has_own_id for section in document.sections)


def test_an_underlined_heading_spans_both_lines():
    section = parse(PLAIN).section("tone")

    assert PLAIN[section.heading.start : section.heading.end] == "Tone\n----"


def test_an_own_id_goes_before_a_derived_one():
    document = parse("# Tone\n\n# Other {#tone}\n\n# 语气\n\n# ???\n")

    assert [section.id for section in document.sections] == ["tone-1", "tone", "语气", "section"]


def test_front_matter_is_no_heading():
    assert [section.id for section in parse(WITH_FRONT_MATTER).sections] == ["behaviour"]


def test_windows_line_ends_change_nothing_but_the_spans():
    text = SPEC.replace("\n", "\r\n")

    unix, windows = parse(SPEC), parse(text)

    assert windows.text == text
    assert [section.id for section in windows.sections] == [section.id for section in unix.sections]
    assert [example.turns for example in windows.examples][1:] == [example.turns for example in unix.examples][1:]
    assert windows.examples[0].messages == unix.examples[0].messages
    for mark in windows.footnotes:
        assert text[mark.span.start : mark.span.end] == f"[^{mark.mark}]"


def test_a_byte_order_mark_hides_no_heading_and_stays():
    text = "\ufeff# First {#first}\n\nWords[^ab12].\n"

    document = parse(text)

    assert document.text == text
    assert document.section("first").heading.end == len("\ufeff# First {#first}")
    assert text[document.footnotes[0].span.start :].startswith("[^ab12]")


def test_form_feeds_and_line_separators_are_no_line_ends():
    text = "# A {#a}\n\none\x0ctwo\u2028three\x85four[^ab12]\n\n# B {#b}\n"

    document = parse(text)

    assert document.section("b").heading.first_line == 5
    assert text[document.footnotes[0].span.start :].startswith("[^ab12]")


def test_authorities_are_counted():
    counts = parse(SPEC).authority_counts()

    assert counts[Authority.ROOT] == counts[Authority.USER] == counts[Authority.GUIDELINE] == counts[None] == 1
    assert counts[Authority.SYSTEM] == counts[Authority.DEVELOPER] == 0
