"""The spec as the public reads it."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy import select

from deliberation.db.session import db
from deliberation.spec.models import Release
from deliberation.spec.reading import document_of, release_labelled
from deliberation.spec.text.rendering import render
from deliberation.web.permissions import Permission, requires

bp = Blueprint("spec", __name__)


@bp.get("/spec")
@requires(Permission.PUBLIC)
def index() -> str:
    return render_template("spec/index.html", releases=_releases())


@bp.get("/spec.json")
@requires(Permission.PUBLIC)
def index_json() -> Response:
    return jsonify(
        [
            {"label": release.label, "sha256": release.sha256, "imported_at": release.imported_at.isoformat()}
            for release in _releases()
        ]
    )


@bp.get("/spec/<label>")
@requires(Permission.PUBLIC)
def show(label: str) -> str:
    release = release_labelled(db.session, label)
    return render_template("spec/show.html", release=release, sections=render(document_of(release)))


@bp.get("/spec/<label>.md")
@requires(Permission.PUBLIC)
def show_text(label: str) -> Response:
    release = release_labelled(db.session, label)
    return Response(release.data, mimetype="text/markdown")


@bp.get("/spec/<label>.json")
@requires(Permission.PUBLIC)
def show_json(label: str) -> Response:
    release = release_labelled(db.session, label)
    return jsonify(
        {
            "label": release.label,
            "sha256": release.sha256,
            "sections": [
                {"id": section.key, "title": section.title, "level": section.level, "authority": section.authority}
                for section in release.sections
            ],
        }
    )


def _releases() -> list[Release]:
    return list(db.session.scalars(select(Release).order_by(Release.imported_at.desc(), Release.id.desc())))
