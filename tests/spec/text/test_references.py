"""References that lead nowhere, and footnotes that got lost."""

from deliberation.spec.text.parsing import parse
from deliberation.spec.text.references import broken_references, footnote_marks, lost_footnotes, references_to
from tests.spec.text.samples import SPEC


def test_a_whole_document_has_no_broken_reference():
    assert broken_references(parse(SPEC)) == []


def test_references_to_a_section_that_is_gone_are_broken():
    broken = broken_references(parse(SPEC.replace("{#rules ", "{#laws ")))

    assert [reference.target for reference in broken] == ["rules", "rules", "rules"]


def test_links_to_derived_and_non_latin_ids_are_whole():
    assert broken_references(parse("# Some Title\n\n[a](#some-title) [b](#语气)\n\n# 语气\n")) == []


def test_links_that_leave_the_document_are_no_references():
    document = parse("# A {#a}\n\n[a](https://example.org/#b) [c](other.md#d) [e](#)\n")

    assert document.references == ()


def test_reference_style_links_are_references():
    document = parse("# A {#a}\n\n[see][target] and [target]\n\n# B {#b}\n\n[target]: #nowhere\n")

    assert [reference.target for reference in broken_references(document)] == ["nowhere", "nowhere"]


def test_references_to_a_section_are_found():
    assert [reference.section_id for reference in references_to(parse(SPEC), "honesty")] == ["purpose"]


def test_a_lost_footnote_is_named():
    before = parse(SPEC)
    after = parse(SPEC.replace("[^cd34]", ""))

    assert [footnote.mark for footnote in lost_footnotes(before, after)] == ["cd34"]
    assert lost_footnotes(before, before) == []


def test_one_of_two_equal_marks_counts_as_lost():
    before = parse("# A {#a}\n\none[^ab12] two[^ab12]\n")
    after = parse("# A {#a}\n\none[^ab12] two\n")

    assert len(lost_footnotes(before, after)) == 1
    assert footnote_marks(before) == ["ab12"]
