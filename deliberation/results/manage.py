"""What maintainers do with results."""

from flask import Blueprint, Response, url_for

from deliberation.results.running import run
from deliberation.web import hx
from deliberation.web.permissions import Permission, requires

bp = Blueprint("results_manage", __name__)


@bp.post("/maintain/d/<slug>/runs")
@requires(Permission.MANAGE)
def create(slug: str) -> Response:
    """Analyse now."""
    run(slug)
    return hx.redirect_to(url_for("results.show", slug=slug))
