"""What each role may do, and where."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from deliberation.accounts.guard import may
from deliberation.accounts.models import Role
from deliberation.accounts.signing_in import create_account
from deliberation.db.session import transaction
from deliberation.web.permissions import Permission
from tests.builders import a_deliberation
from tests.logging_in import log_in, login_path


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.ADMIN, Permission.ADMINISTER, True),
        (Role.OWNER, Permission.ADMINISTER, False),
        (Role.OWNER, Permission.MANAGE, True),
        (Role.MODERATOR, Permission.MANAGE, False),
        (Role.REVIEWER, Permission.DRAFT, True),
        (Role.AUDITOR, Permission.DRAFT, False),
        (Role.AUDITOR, Permission.READ_ALL, True),
    ],
)
def test_a_role_allows(session: Session, role: Role, permission: Permission, allowed: bool) -> None:
    account = create_account(session, "ada@example.org", role)
    session.refresh(account, ["grants"])

    assert may(account, permission, None) is allowed


def test_a_role_in_one_deliberation_opens_no_other(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            mine, other = a_deliberation(session, slug="mine"), a_deliberation(session, slug="other")
            account = create_account(session, "ada@example.org", Role.OWNER, mine.id)
            session.refresh(account, ["grants"])

        assert may(account, Permission.MANAGE, mine.slug)
        assert not may(account, Permission.MANAGE, other.slug)
        assert not may(account, Permission.MANAGE, None)
        assert may(account, Permission.ENTER, None)


def test_maintainers_of_one_deliberation_see_only_that_one_in_the_inbox(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context(), transaction() as session:
        a_deliberation(session, slug="mine", title="The one that is mine?")
        a_deliberation(session, slug="other", title="Somebody else's?")
    client = app.test_client()
    log_in(client, login_path(runner, "owner", "--deliberation", "mine"))

    page = client.get("/maintain").text

    assert "The one that is mine?" in page
    assert "Somebody else" not in page


def test_the_public_is_sent_to_the_login_page(app: Flask) -> None:
    answer = app.test_client().get("/maintain")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")
