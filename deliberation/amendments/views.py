"""An amendment as the public sees it."""

from flask import Blueprint, Response, render_template

from deliberation.amendments.export.mail import patch_file
from deliberation.amendments.export.patch import patches
from deliberation.amendments.export.record import amendment_record
from deliberation.amendments.export.series import series
from deliberation.amendments.filing import amendment as amendment_numbered
from deliberation.amendments.models import Amendment
from deliberation.amendments.showing import show as as_shown
from deliberation.db.session import db
from deliberation.errors import NotFound
from deliberation.spec.reading import document_of
from deliberation.web.lists import json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("amendments", __name__)


@bp.get("/amendments/<int:amendment_id>")
@requires(Permission.PUBLIC)
def show(amendment_id: int) -> str:
    amendment = _public(amendment_id)
    return render_template(
        "amendments/show.html", shown=as_shown(amendment), amendment=amendment, deliberation=amendment.deliberation
    )


@bp.get("/amendments/<int:amendment_id>.patch")
@requires(Permission.PUBLIC)
def show_patch(amendment_id: int) -> Response:
    """This amendment alone, against the release itself."""
    amendment = _public(amendment_id)
    (patch,) = patches(series(document_of(amendment.release), [amendment]))
    response = Response(patch_file(patch.commit), mimetype="text/x-patch")
    response.headers["Content-Disposition"] = f'attachment; filename="amendment-{amendment.id}.patch"'
    return response


@bp.get("/amendments/<int:amendment_id>.json")
@requires(Permission.PUBLIC)
def show_json(amendment_id: int) -> Response:
    amendment = _public(amendment_id)
    steps = series(document_of(amendment.release), [amendment])
    (patch,) = patches(steps)
    return json_response(amendment_record(steps[0], patch), f"amendment-{amendment.id}.json")


def _public(amendment_id: int) -> Amendment:
    """Raises NotFound; also where moderation declined the statement whose words it is made of."""
    amendment = amendment_numbered(db.session, amendment_id)
    if not amendment.evidence[0].statement.is_votable:
        raise NotFound(f"there is no amendment {amendment_id}")
    return amendment
