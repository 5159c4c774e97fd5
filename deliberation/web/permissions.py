"""What a route allows: each view declares one permission, which `accounts.guard` enforces before it runs."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Permission(Enum):
    """What one has to be allowed to do for a route to answer."""

    PUBLIC = "anyone"
    TAKE_PART = "anyone, as a participant"
    ENTER = "any maintainer"
    READ_ALL = "maintainers who may read everything of a deliberation"
    MANAGE = "create and run deliberations"
    MODERATE = "moderate statements"
    DRAFT = "suggest and edit amendments"
    EXPORT = "export amendments"
    ADMINISTER = "releases of the spec, and accounts"


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a view requires. A route without it is refused by the guard."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by accounts.guard
        return view

    return declare
