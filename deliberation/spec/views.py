"""The spec as the public reads it."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy import select

from deliberation.db.session import db
from deliberation.spec.models import Release
from deliberation.spec.reading import document_of, release_labelled
from deliberation.spec.text.rendering import render
from deliberation.web.lists import csv_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("spec", __name__)

_RELEASE_COLUMNS = ("label", "sha256", "imported_at")
_SECTION_COLUMNS = ("id", "title", "level", "authority")


@bp.get("/spec")
@requires(Permission.PUBLIC)
def index() -> str:
    return render_template("spec/index.html", releases=_releases())


@bp.get("/spec.json")
@requires(Permission.PUBLIC)
def index_json() -> Response:
    return jsonify([dict(zip(_RELEASE_COLUMNS, row, strict=True)) for row in _release_rows()])


@bp.get("/spec.csv")
@requires(Permission.PUBLIC)
def index_csv() -> Response:
    return csv_response([_RELEASE_COLUMNS, *_release_rows()], "spec.csv")


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
            "sections": [dict(zip(_SECTION_COLUMNS, row, strict=True)) for row in _section_rows(release)],
        }
    )


@bp.get("/spec/<label>.csv")
@requires(Permission.PUBLIC)
def show_csv(label: str) -> Response:
    release = release_labelled(db.session, label)
    return csv_response([_SECTION_COLUMNS, *_section_rows(release)], f"spec-{release.label}-sections.csv")


def _release_rows() -> list[tuple[object, ...]]:
    return [(release.label, release.sha256, release.imported_at.isoformat()) for release in _releases()]


def _section_rows(release: Release) -> list[tuple[object, ...]]:
    return [(section.key, section.title, section.level, section.authority) for section in release.sections]


def _releases() -> list[Release]:
    return list(db.session.scalars(select(Release).order_by(Release.imported_at.desc(), Release.id.desc())))
