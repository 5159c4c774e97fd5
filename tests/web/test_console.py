"""How commands speak."""

import pytest

from deliberation.web.console import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 sections"), (1, "1 section"), (2, "2 sections")])
def test_one_thing_is_no_plural(number: int, said: str) -> None:
    assert counted(number, "section") == said
