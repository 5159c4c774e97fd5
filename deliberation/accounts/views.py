"""Logging in by link, and out."""

from flask import Blueprint, render_template, request, session, url_for
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from deliberation.accounts.guard import Maintainer
from deliberation.accounts.signing_in import redeem_login_link
from deliberation.db.session import transaction
from deliberation.web import hx
from deliberation.web.permissions import Permission, requires
from deliberation.web.preferences import local_path

bp = Blueprint("accounts", __name__)


@bp.get("/login")
@requires(Permission.PUBLIC)
def show_login() -> str:
    return render_template("accounts/login.html", next=request.args.get("next", ""))


@bp.get("/login/<token>")
@requires(Permission.PUBLIC)
def show_link(token: str) -> str:
    # Opening a link changes nothing, so that a messenger's preview does not use it up.
    return render_template("accounts/confirm_login.html", token=token, form=FlaskForm())


@bp.post("/login/<token>")
@requires(Permission.PUBLIC)
def create_session(token: str) -> Response:
    if not FlaskForm().validate():
        raise BadRequest("The form's hidden fields are missing.")
    with transaction() as writing:
        account = redeem_login_link(writing, token)
    session.clear()  # nothing set before the login stays valid after it
    login_user(Maintainer(account))
    return hx.redirect_to(local_path(request.args.get("next")) if request.args.get("next") else url_for("pages.inbox"))


@bp.post("/logout")
@requires(Permission.PUBLIC)
def delete_session() -> Response:
    if not FlaskForm().validate():
        raise BadRequest("The form's hidden fields are missing.")
    logout_user()
    return hx.redirect_to("/")
