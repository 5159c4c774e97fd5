"""What cannot be a spec is refused with file, line and reason."""

import pytest

from deliberation.errors import SpecError
from deliberation.spec.text.parsing import MAX_BYTES, decode, parse


def test_bytes_that_are_not_utf8_are_refused_with_their_line():
    with pytest.raises(SpecError, match=r"^spec.md:3: not UTF-8: byte 0xe9"):
        decode(b"# A {#a}\n\ncaf\xe9\n", "spec.md")


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_an_empty_file_is_refused(data: bytes):
    with pytest.raises(SpecError, match=r"^spec.md:1: the file is empty"):
        decode(data, "spec.md")


def test_a_nul_character_is_refused_with_its_line():
    with pytest.raises(SpecError, match=r"^spec.md:2: a NUL character"):
        decode(b"# A\nx\0y\n", "spec.md")


def test_more_than_ten_megabytes_are_refused_and_ten_are_not():
    assert len(decode(b"#" + b" x" * (MAX_BYTES // 2 - 1) + b"y", "spec.md")) == MAX_BYTES
    with pytest.raises(SpecError, match=r"^spec.md:1: larger than the 10 MB"):
        decode(b"x" * (MAX_BYTES + 1), "spec.md")


def test_text_over_the_limit_is_refused_however_it_comes():
    with pytest.raises(SpecError, match=r"10 MB"):
        parse("# A\n" + "文" * (MAX_BYTES // 3), "spec.md")


def test_an_id_used_twice_is_refused_with_both_lines():
    with pytest.raises(SpecError, match=r"^spec.md:3: the id 'a' is already that of line 1"):
        parse("# A {#a}\n\n# B {#a}\n", "spec.md")


@pytest.mark.parametrize(
    "text",
    [
        "# A {#a}\n\n~~~xml\n<user>\nhi\n</user>\n",
        "# A {#a}\n\n```\n# B {#b}",
        "# A {#a}\n\n````\n```\n",
        "# A {#a}\n\n~~~\n```\n",
        "# A {#a}\n\n~~~",
        "# A {#a}\n\n~~~\n\n   ",
        "# A {#a}\n\n- ~~~\n  x\n\nafter\n",
        "# A {#a}\n\n> ```\n> x\n\nafter\n",
    ],
)
def test_an_unclosed_fence_is_refused_with_the_line_that_opens_it(text: str):
    with pytest.raises(SpecError, match=r"^spec.md:3: the fence [~`]+ is never closed"):
        parse(text, "spec.md")


@pytest.mark.parametrize(
    "text", ["~~~\n~~~", "~~~\n\n~~~  ", "```\n~~~\n```", "> ```\n> x\n> ```", "- ~~~\n  x\n  ~~~"]
)
def test_a_closed_fence_is_not_refused(text: str):
    assert parse(f"# A {{#a}}\n\n{text}")


def test_an_unclosed_comment_is_refused_since_it_would_swallow_sections():
    with pytest.raises(SpecError, match=r"^spec.md:3: the block that begins with <!-- is never closed"):
        parse("# A {#a}\n\n<!-- a note\n\n# B {#b}\n", "spec.md")


def test_an_unknown_authority_is_refused_with_the_known_ones():
    with pytest.raises(SpecError, match=r"^spec.md:3: unknown authority 'plattform' \(root, system, developer"):
        parse("# A {#a}\n\n# B {#b authority=plattform}\n", "spec.md")


@pytest.mark.parametrize(
    "attributes", ["{#a,b}", "{#a authority=}", "{#a authority=root !}", '{authority="user}', "{#}"]
)
def test_attributes_that_cannot_be_read_are_refused_rather_than_lost(attributes: str):
    with pytest.raises(SpecError, match=r"^spec.md:1: attributes that cannot be read: \{"):
        parse(f"# A {attributes}\n", "spec.md")


def test_an_id_too_long_to_store_is_refused():
    with pytest.raises(SpecError, match=r"^spec.md:1: an id of 300 characters"):
        parse(f"# A {{#{'x' * 300}}}\n", "spec.md")


def test_a_file_without_headings_is_refused():
    with pytest.raises(SpecError, match=r"^spec.md:1: no headings"):
        parse("Only words.\n", "spec.md")
