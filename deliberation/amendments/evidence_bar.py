"""How much agreement a section asks for before it is touched: the more the higher its authority."""

from dataclasses import dataclass

from deliberation.spec.text.document import Authority

# Lower ends of the 95 % interval of the share over everybody who voted, passes included.
BARS = {
    Authority.GUIDELINE: 0.60,
    Authority.USER: 0.65,
    Authority.DEVELOPER: 0.70,
    Authority.SYSTEM: 0.75,
    Authority.ROOT: 0.80,
}


@dataclass(frozen=True)
class Clearance:
    """What a section's authority needs, and what a statement has."""

    needs: float
    has: float

    @property
    def is_given(self) -> bool:
        return self.has > self.needs


def clearance(low: float, authority: Authority) -> Clearance:
    """Whether the lower end of a share lies above the bar of this authority."""
    return Clearance(BARS[authority], low)
