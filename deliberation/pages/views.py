"""Pages that belong to no single room: home, a deliberation's front page, the method, the maintainers' first page."""

from flask import Blueprint, Response, current_app, jsonify, render_template
from sqlalchemy import select, text

from analysis.parameters import Meaning, meanings
from deliberation.accounts.guard import current_account, visible_to
from deliberation.db.session import db
from deliberation.deliberations.models import Deliberation
from deliberation.deliberations.reading import deliberation_named
from deliberation.pages import front
from deliberation.participants.identity import current_device, remember
from deliberation.voting.inviting import invite
from deliberation.web.lists import csv_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("pages", __name__)


@bp.get("/")
@requires(Permission.PUBLIC)
def home() -> str:
    return render_template("pages/home.html", rows=front.deliberation_rows(db.session))


@bp.get("/deliberations.csv")
@requires(Permission.PUBLIC)
def home_csv() -> Response:
    rows = front.deliberation_rows(db.session)
    return csv_response(
        [front.DELIBERATION_COLUMNS, *(tuple(row.as_json().values()) for row in rows)], "deliberations.csv"
    )


@bp.get("/deliberations.json")
@requires(Permission.PUBLIC)
def home_json() -> Response:
    return jsonify([row.as_json() for row in front.deliberation_rows(db.session)])


@bp.get("/d/<slug>")
@requires(Permission.PUBLIC)
def about(slug: str) -> Response:
    deliberation = deliberation_named(db.session, slug)
    device = current_device()
    invitation = invite(slug, device, str(current_app.secret_key))
    page = render_template(
        "pages/about.html",
        deliberation=deliberation,
        current_tab="about",
        row=front.row_of(db.session, deliberation),
        invitation=invitation,
        first=deliberation.prompts[0] if deliberation.prompts else None,
        at_stake=front.sections_at_stake(db.session, deliberation),
    )
    response = Response(page)
    if invitation:  # its offer is worth something to this device alone
        remember(device, response)
    return response


@bp.get("/method")
@requires(Permission.PUBLIC)
def method() -> str:
    return render_template("pages/method.html", parameters=list(meanings()))


@bp.get("/method.csv")
@requires(Permission.PUBLIC)
def method_csv() -> Response:
    return csv_response([Meaning._fields, *meanings()], "method.csv")


@bp.get("/method.json")
@requires(Permission.PUBLIC)
def method_json() -> Response:
    return jsonify([each._asdict() for each in meanings()])


@bp.get("/parts")
@requires(Permission.PUBLIC)
def parts() -> str:
    return render_template("parts.html")


@bp.get("/maintain")
@requires(Permission.ENTER)
def inbox() -> str:
    return render_template("pages/inbox.html", current_room="inbox", tasks=_tasks())


@bp.get("/maintain.csv")
@requires(Permission.ENTER)
def inbox_csv() -> Response:
    return csv_response([front.TASK_COLUMNS, *(tuple(task.as_json().values()) for task in _tasks())], "maintain.csv")


@bp.get("/maintain.json")
@requires(Permission.ENTER)
def inbox_json() -> Response:
    return jsonify([task.as_json() for task in _tasks()])


def _tasks() -> list[front.Task]:
    """What waits for this maintainer."""
    visible = visible_to(current_account())
    query = select(Deliberation).order_by(Deliberation.created_at.desc())
    if visible is not None:
        query = query.where(Deliberation.id.in_(visible))
    return front.tasks(db.session, list(db.session.scalars(query)))


@bp.get("/healthz")
@requires(Permission.PUBLIC)
def health() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@requires(Permission.PUBLIC)
def readiness() -> Response:
    db.session.execute(text("SELECT 1 FROM deliberation LIMIT 1"))
    return Response("ok\n", mimetype="text/plain")
