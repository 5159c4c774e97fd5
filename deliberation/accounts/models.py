"""Maintainers: their accounts, the roles they hold, and the links that log them in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.db.base import Base, now


class Role(StrEnum):
    """What a maintainer may do; an admin everything everywhere, the others within one deliberation or, where the
    grant names none, within all."""

    ADMIN = "admin"
    OWNER = "owner"
    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


class Account(Base):
    """A maintainer. Participants have none."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in lower case
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Signed into the session: a new value ends all sessions of this account.
    session_key: Mapped[str] = mapped_column(String(64), unique=True)

    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="account")


class RoleGrant(Base):
    """One role of one account, in one deliberation or in all."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    deliberation_id: Mapped[int | None] = mapped_column(ForeignKey("deliberation.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)

    account: Mapped[Account] = relationship(back_populates="grants")


class LoginLink(Base):
    """A link that logs in once. Only the hash of its token is stored."""

    __tablename__ = "login_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
