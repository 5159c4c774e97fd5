"""flask user: accounts of maintainers."""

import click
from flask import current_app

from deliberation.accounts.models import Role
from deliberation.accounts.scope import deliberation_id as find_deliberation_id
from deliberation.accounts.signing_in import create_account, make_login_link
from deliberation.db.session import transaction
from deliberation.errors import DeliberationError
from deliberation.web import console

cli = console.Group("user", help="Accounts of maintainers.")


@cli.command("create")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--deliberation", "slug", help="The deliberation that the role is for; without it, all of them.")
@console.json_option
def create(email: str, role: str, slug: str | None, as_json: bool) -> None:
    """Create an account, or give an existing one a further role, and print a link that logs in once."""
    if role == Role.ADMIN and slug:
        raise DeliberationError("an admin's role is for all deliberations", hint="leave --deliberation out")
    settings = current_app.extensions["settings"]
    with transaction() as session:
        deliberation_id = find_deliberation_id(session, slug) if slug else None
        account = create_account(session, email, Role(role), deliberation_id)
        token = make_login_link(session, account, settings.login_hours)
        address = account.email
    login = f"{settings.public_url}/login/{token}"
    value = {"email": address, "role": role, "login": login}
    console.answer(value, as_json, f"{address} is {role}; logs in once within {settings.login_hours} h at {login}")
