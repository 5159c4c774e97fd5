"""Where maintainers have drafts suggested, see what became of each finding, and take the series with them."""

import io
import zipfile
from mimetypes import guess_type

from flask import Blueprint, Response, flash, get_flashed_messages, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberation.amendments.exporting import Export, export
from deliberation.amendments.filing import standing
from deliberation.amendments.models import State
from deliberation.amendments.showing import listed
from deliberation.amendments.showing import show as as_shown
from deliberation.amendments.suggesting import Suggested, consider, keep, latest_suggestion
from deliberation.db.session import db, transaction
from deliberation.deliberations.reading import deliberation_named
from deliberation.errors import Conflict, NotFound
from deliberation.results.running import latest_shown
from deliberation.web import hx
from deliberation.web.lists import csv_response, json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("amendments_manage", __name__)

_COLUMNS = (
    "statement",
    "also",
    "section",
    "authority",
    "id",
    "kind",
    "placed",
    "nearest",
    "score",
    "needs",
    "has",
    "reason",
)
LISTS = ("questions", "below_bar", "unplaced", "rejected", "left_open")
_ARCHIVE = "amendments.zip"


@bp.get("/maintain/d/<slug>/amendments")
@requires(Permission.READ_ALL)
def index(slug: str) -> str:
    deliberation = deliberation_named(db.session, slug)
    suggestion = latest_suggestion(db.session, deliberation)
    amendments = [each for each in standing(db.session, deliberation.id) if each.evidence[0].statement.is_votable]
    run = latest_shown(db.session, deliberation.id)
    return render_template(
        "amendments/index.html",
        current_room="amendments",
        deliberation=deliberation,
        amendments=[as_shown(each) for each in amendments],
        approved=sum(each.state == State.APPROVED for each in amendments),
        lists={name: listed(suggestion, name, deliberation) for name in LISTS} if suggestion else {},
        suggestion=suggestion,
        run=run,
        blocked_by=_blocked_by(deliberation.release_id, run is not None),
        done=get_flashed_messages(category_filter=["done"]),
    )


@bp.get("/maintain/d/<slug>/amendments.json")
@requires(Permission.READ_ALL)
def index_json(slug: str) -> Response:
    return json_response(_suggested(slug).answer(), f"{slug}-amendments.json")


@bp.get("/maintain/d/<slug>/amendments.csv")
@requires(Permission.READ_ALL)
def index_csv(slug: str) -> Response:
    """An outcome a row, in the lists' order."""
    rows = [
        [outcome, *(_cell(entry.get(name)) for name in _COLUMNS)]
        for outcome, entries in _suggested(slug).answer().items()
        for entry in entries
    ]
    return csv_response([("outcome", *_COLUMNS), *rows], f"{slug}-amendments.csv")


@bp.post("/maintain/d/<slug>/suggestions")
@requires(Permission.DRAFT)
def create_suggestions(slug: str) -> Response:
    run = latest_shown(db.session, deliberation_named(db.session, slug).id)
    if run is None:
        raise Conflict(f"'{slug}' has not been analysed yet", hint=_("Analyse it first."))
    considered = consider(db.session, run)
    with transaction() as session:
        drafts = len(keep(session, considered).drafts)
    flash(ngettext("One amendment stands.", "%(num)s amendments stand.", drafts), "done")
    return hx.redirect_to(url_for(".index", slug=slug))


@bp.get("/maintain/d/<slug>/amendments/export/<path:name>")
@requires(Permission.EXPORT)
def export_file(slug: str, name: str) -> Response:
    """One file of the export, or all in an archive; with `?drafts=1` of the drafts as well."""
    made = export(db.session, deliberation_named(db.session, slug), with_drafts=request.args.get("drafts") == "1")
    data = _archive(made) if name == _ARCHIVE else made.files.get(name)
    if data is None:
        raise NotFound(f"the export has no file '{name}'", hint=", ".join([*made.files, _ARCHIVE]))
    response = Response(data, mimetype=_mimetype(name))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _suggested(slug: str) -> Suggested:
    """Raises NotFound where there was no round of suggesting."""
    suggestion = latest_suggestion(db.session, deliberation_named(db.session, slug))
    if suggestion is None:
        raise NotFound(f"nothing was suggested for '{slug}' yet")
    return suggestion


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _blocked_by(release_id: int | None, is_analysed: bool) -> str | None:
    """Why nothing can be suggested, if so."""
    if release_id is None:
        return _("This deliberation is about no release of a spec.")
    return None if is_analysed else _("The votes have not been analysed yet.")


def _archive(made: Export) -> bytes:
    """All files; with a fixed date, so that the same export is the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _mimetype(name: str) -> str:
    known = {".patch": "text/x-patch", ".mbox": "application/mbox", ".md": "text/markdown"}
    found = next((mimetype for ending, mimetype in known.items() if name.endswith(ending)), None)
    return found or guess_type(name)[0] or "application/octet-stream"
