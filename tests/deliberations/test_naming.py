"""Names in addresses, made from titles."""

import pytest

from deliberation.deliberations.naming import slug_from
from deliberation.errors import DeliberationError


@pytest.mark.parametrize(
    ("names", "slug"),
    [
        (["How candid should an assistant be?"], "how-candid-should-an-assistant-be"),
        (["Protecting NZ’s Biodiversity"], "protecting-nzs-biodiversity"),
        (["Où va l'été ?"], "ou-va-lete"),
        (["自用車載客", "vtaiwan.uberx"], "vtaiwan-uberx"),
        (["2", "folder"], "folder"),
        (["word " * 30], "word-" * 11 + "word"),
        (["a" * 100], "a" * 60),
    ],
)
def test_a_name_in_addresses_comes_from_the_first_name_that_gives_one(names, slug):
    assert slug_from(*names) == slug


def test_where_no_name_gives_one_it_has_to_be_chosen():
    with pytest.raises(DeliberationError, match="no name in addresses can be made from '坦率'"):
        slug_from("坦率", "吗")
