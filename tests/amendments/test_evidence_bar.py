"""How much agreement each authority asks for."""

import pytest

from deliberation.amendments.evidence_bar import clearance
from deliberation.spec.text.document import Authority


@pytest.mark.parametrize(
    ("authority", "needed"),
    [("guideline", 0.60), ("user", 0.65), ("developer", 0.70), ("system", 0.75), ("root", 0.80)],
)
def test_the_lower_end_has_to_lie_above_the_bar(authority, needed):
    assert clearance(needed + 0.001, Authority(authority)).is_given
    assert not clearance(needed, Authority(authority)).is_given
    assert clearance(needed, Authority(authority)).needs == needed
