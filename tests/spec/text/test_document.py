"""Questions that a document answers."""

import pytest

from deliberation.errors import NotFound
from deliberation.spec.text.document import Authority
from deliberation.spec.text.parsing import parse
from tests.spec.text.samples import SPEC


def test_authorities_rank_from_guideline_to_root():
    ranks = {authority.value: authority.rank for authority in Authority}

    assert ranks == {"guideline": 1, "user": 2, "developer": 3, "system": 4, "root": 5}


def test_only_root_and_system_are_hard_rules():
    assert {authority for authority in Authority if authority.is_hard_rule} == {Authority.ROOT, Authority.SYSTEM}


def test_a_section_that_is_not_there_is_named():
    with pytest.raises(NotFound, match="no section 'nowhere'"):
        parse(SPEC).section("nowhere")


def test_a_section_lists_its_examples():
    document = parse(SPEC)

    assert [example.title for example in document.examples_of("style")] == ["no verdict"]
    assert document.examples_of("purpose") == ()
