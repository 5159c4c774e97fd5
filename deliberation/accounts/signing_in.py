"""Accounts of maintainers: create them, give roles, and log in by a link that works once."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deliberation.accounts.models import Account, LoginLink, Role, RoleGrant
from deliberation.db.base import now
from deliberation.errors import DeliberationError, NotAllowed


def create_account(session: Session, email: str, role: Role, deliberation_id: int | None = None) -> Account:
    """The account with this address, made if needed, holding the role. Doing it twice changes nothing more."""
    email = email.strip().lower()
    if "@" not in email or any(character.isspace() for character in email) or len(email) > 254:
        raise DeliberationError(f"'{email}' is not an e-mail address")
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None:
        account = Account(email=email, session_key=secrets.token_urlsafe(24))
        session.add(account)
        session.flush()
    if not _holds(session, account, role, deliberation_id):
        session.add(RoleGrant(account_id=account.id, role=role.value, deliberation_id=deliberation_id))
    return account


def make_login_link(session: Session, account: Account, hours: int) -> str:
    """A fresh token that logs the account in once, for so many hours. Only its hash is stored."""
    token = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=hours)
    session.add(LoginLink(account_id=account.id, token_hash=_hash(token), expires_at=expires))
    return token


def redeem_login_link(session: Session, token: str) -> Account:
    """Use a link up. Raises NotAllowed where it is unknown, used or out of date."""
    # One statement checks and marks, so that of two simultaneous uses one alone succeeds.
    account_id = session.scalar(
        update(LoginLink)
        .where(LoginLink.token_hash == _hash(token), LoginLink.used_at.is_(None), LoginLink.expires_at > now())
        .values(used_at=now())
        .returning(LoginLink.account_id)
    )
    if account_id is None:
        raise NotAllowed(
            "this login link was used already, has ended, or never existed",
            hint="ask for a new one: flask user create EMAIL --role ROLE",
        )
    return session.get_one(Account, account_id)


def _holds(session: Session, account: Account, role: Role, deliberation_id: int | None) -> bool:
    grants = session.scalars(select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.role == role.value))
    return any(grant.deliberation_id == deliberation_id for grant in grants)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
