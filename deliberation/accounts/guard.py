"""Who is asking, and may they: every view's declared permission is enforced here, before it runs."""

from collections.abc import Iterable

from flask import Flask, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from deliberation.accounts.models import Account, Role
from deliberation.accounts.scope import deliberation_id
from deliberation.db.session import db
from deliberation.web.permissions import Permission

GRANTED_TO = {
    Permission.ENTER: set(Role),
    Permission.READ_ALL: set(Role),
    Permission.MANAGE: {Role.ADMIN, Role.OWNER},
    Permission.MODERATE: {Role.ADMIN, Role.OWNER, Role.MODERATOR},
    Permission.DRAFT: {Role.ADMIN, Role.OWNER, Role.REVIEWER},
    Permission.EXPORT: {Role.ADMIN, Role.OWNER, Role.REVIEWER, Role.AUDITOR},
    Permission.ADMINISTER: {Role.ADMIN},
}
_OPEN_TO_ALL = {Permission.PUBLIC, Permission.TAKE_PART}


class Maintainer(UserMixin):
    """The logged-in account, as Flask-Login wants it."""

    def __init__(self, account: Account):
        self.account = account

    def get_id(self) -> str:
        return self.account.session_key


def init_app(app: Flask) -> None:
    """Load the account of a session, and check each request."""
    login = LoginManager(app)
    login.session_protection = None  # bound to neither address nor browser: phones change both

    @login.user_loader
    def load(session_key: str) -> Maintainer | None:
        query = select(Account).where(Account.session_key == session_key).options(joinedload(Account.grants))
        account = db.session.scalars(query).unique().one_or_none()
        return Maintainer(account) if account else None

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint is None or request.endpoint == "static":
            return None
        view = current_app.view_functions[request.endpoint]
        permission = getattr(view, "permission", None)
        if permission is None:
            raise Forbidden(f"the route {request.endpoint} declares no permission")
        if permission in _OPEN_TO_ALL:
            return None
        if not current_user.is_authenticated:
            return redirect(url_for("accounts.show_login", next=request.path))
        if not may(current_account(), permission, (request.view_args or {}).get("slug")):
            raise Forbidden("Your role does not include this.")
        return None

    @app.context_processor
    def account() -> dict[str, object]:
        return {"current_account": current_account_or_none(), "may": _may_now}


def current_account() -> Account:
    """The logged-in account; only where the route requires one."""
    account: Account = current_user.account
    return account


def current_account_or_none() -> Account | None:
    """The logged-in account, or none for the public."""
    return current_user.account if current_user.is_authenticated else None


def may(account: Account, permission: Permission, slug: str | None) -> bool:
    """Whether one of the account's roles includes the permission: everywhere, or in the named deliberation."""
    allowed = GRANTED_TO[permission]
    grants = [grant for grant in account.grants if Role(grant.role) in allowed]
    if any(grant.deliberation_id is None for grant in grants):
        return True
    if permission is Permission.ENTER:
        return bool(grants)
    return slug is not None and deliberation_id(db.session, slug) in {grant.deliberation_id for grant in grants}


def visible_to(account: Account) -> Iterable[int] | None:
    """Ids of the deliberations an account may enter; none where it may enter all."""
    if any(grant.deliberation_id is None for grant in account.grants):
        return None
    return [grant.deliberation_id for grant in account.grants if grant.deliberation_id is not None]


def _may_now(permission: str, slug: str | None = None) -> bool:
    account = current_account_or_none()
    return account is not None and may(account, Permission[permission], slug)
