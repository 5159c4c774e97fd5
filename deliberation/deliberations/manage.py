"""Where maintainers create deliberations, add prompts and statements, open and close them, and place statements."""

from flask import Blueprint, Response, flash, get_flashed_messages, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError
from sqlalchemy import select
from wtforms import SelectChoice

from deliberation.db.session import db, transaction
from deliberation.deliberations import opening
from deliberation.deliberations.definition import Definition, PromptDefinition, Where
from deliberation.deliberations.forms import (
    DeliberationForm,
    PlacementForm,
    PromptForm,
    lonely_claims,
    prompt_form,
    tell,
)
from deliberation.deliberations.models import Deliberation
from deliberation.deliberations.overview import STATEMENT_COLUMNS, PromptRow, prompt_rows, statement_table
from deliberation.deliberations.prompting import add_prompt
from deliberation.deliberations.reading import deliberation_named
from deliberation.deliberations.sources import SamplePrompt, matches, said_in, sample_prompts
from deliberation.errors import DeliberationError, ImportRefused
from deliberation.spec.models import Release
from deliberation.spec.reading import release_labelled
from deliberation.web import hx
from deliberation.web.lists import csv_response, json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("deliberations_manage", __name__)

_ROWS, _MOST_ROWS = 4, 24  # of messages, and of candidate responses


@bp.get("/maintain/deliberations/new")
@requires(Permission.MANAGE)
def new() -> Response:
    releases = _releases()
    label = request.args.get("spec", releases[0].label if releases else "")
    return _form_page(DeliberationForm(formdata=None, spec=label))


@bp.post("/maintain/deliberations/new")
@requires(Permission.MANAGE)
def create() -> Response:
    form = DeliberationForm()
    _offer_sections(form)
    if form.validate():
        try:
            definition = Definition.model_validate(form.values())
            with transaction() as session:
                slug = opening.create(session, definition).slug
        except ValidationError as error:
            tell(form, error)
        except DeliberationError as error:  # the slug is taken, or the title gives none
            form.slug.errors = [str(error)]
        else:
            flash(_("Created. Add prompts with statements to vote on, then open it."), "done")
            return hx.redirect_to(url_for(".show", slug=slug))
    return _form_page(form, 422)


@bp.get("/maintain/d/<slug>")
@requires(Permission.READ_ALL)
def show(slug: str) -> Response:
    deliberation = deliberation_named(db.session, slug)
    rows = prompt_rows(db.session, deliberation)
    form = PlacementForm(formdata=None, statement=request.args.get("statement"))
    _offer_placements(form, deliberation, rows)
    return _show_page(deliberation, rows, form)


@bp.get("/maintain/d/<slug>.csv")
@requires(Permission.READ_ALL)
def show_csv(slug: str) -> Response:
    rows = statement_table(db.session, deliberation_named(db.session, slug))
    return csv_response([STATEMENT_COLUMNS, *rows], f"{slug}-statements.csv")


@bp.get("/maintain/d/<slug>.json")
@requires(Permission.READ_ALL)
def show_json(slug: str) -> Response:
    rows = statement_table(db.session, deliberation_named(db.session, slug))
    found = [dict(zip(STATEMENT_COLUMNS, row, strict=True)) for row in rows]
    return json_response(found, f"{slug}-statements.json")


@bp.get("/maintain/d/<slug>/prompts/new")
@requires(Permission.MANAGE)
def new_prompt(slug: str) -> Response:
    deliberation = deliberation_named(db.session, slug)
    form = prompt_form(_ROWS)
    form.find.data = request.args.get("find", "")
    _offer_prompts(form, deliberation)
    return _prompt_page(deliberation, form)


@bp.post("/maintain/d/<slug>/prompts")
@requires(Permission.MANAGE)
def create_prompt(slug: str) -> Response:
    deliberation = deliberation_named(db.session, slug)
    asks_for_more = "more" in request.form
    rows = request.form.get("rows", _ROWS, type=int) + (_ROWS if asks_for_more else 0)
    form = prompt_form(min(max(rows, _ROWS), _MOST_ROWS))
    _offer_prompts(form, deliberation)
    if asks_for_more or "search" in request.form:
        return _prompt_page(deliberation, form)
    if form.validate() and not lonely_claims(form):
        try:
            definition = PromptDefinition.model_validate(form.values())
            with transaction() as session:
                stored = deliberation_named(session, slug)
                add_prompt(session, stored, definition, Where(), ())
                opening.raise_version(stored)
        except ValidationError as error:
            tell(form, error)
        except ImportRefused as error:
            form.source.errors = [str(error)]
        else:
            flash(_("The prompt was added."), "done")
            return hx.redirect_to(url_for(".show", slug=slug))
    return _prompt_page(deliberation, form, 422)


@bp.post("/maintain/d/<slug>/openings")
@requires(Permission.MANAGE)
def create_opening(slug: str) -> Response:
    with transaction() as session:
        opening.open_(session, slug)
    flash(_("Opened. People can vote now."), "done")
    return hx.redirect_to(url_for(".show", slug=slug))


@bp.post("/maintain/d/<slug>/closings")
@requires(Permission.MANAGE)
def create_closing(slug: str) -> Response:
    with transaction() as session:
        opening.close(session, slug)
    flash(_("Closed. Nobody can vote any more; the results stay readable."), "done")
    return hx.redirect_to(url_for(".show", slug=slug))


@bp.post("/maintain/d/<slug>/placements")
@requires(Permission.DRAFT)
def create_placement(slug: str) -> Response:
    deliberation = deliberation_named(db.session, slug)
    form = PlacementForm()
    rows = prompt_rows(db.session, deliberation)
    _offer_placements(form, deliberation, rows)
    if not form.validate():
        return _show_page(deliberation, rows, form, 422)
    with transaction() as session:
        opening.place(session, slug, form.statement.data, form.section.data)
    flash(_("Statement %(key)s concerns %(section)s now.", key=form.statement.data, section=form.section.data), "done")
    return hx.redirect_to(url_for(".show", slug=slug, _anchor=f"statement-{form.statement.data}"))


def _releases() -> list[Release]:
    return list(db.session.scalars(select(Release).order_by(Release.imported_at.desc())))


def _form_page(form: DeliberationForm, status: int = 200) -> Response:
    if not form.sections.choices:
        _offer_sections(form)
    release = release_labelled(db.session, form.spec.data) if form.spec.data else None
    offered = list(zip(form.sections, release.sections if release else [], strict=True))
    page = render_template(
        "deliberations/new.html",
        current_room="inbox",
        form=form,
        sections=offered,
        release=release,
        releases=_releases(),
    )
    return Response(page, status)


def _show_page(deliberation: Deliberation, rows: list[PromptRow], form: PlacementForm, status: int = 200) -> Response:
    page = render_template(
        "deliberations/show.html",
        current_room="deliberation",
        deliberation=deliberation,
        rows=rows,
        statements=sum(len(row.statements) for row in rows),
        form=form,
        done=get_flashed_messages(category_filter=["done"]),
    )
    return Response(page, status)


def _prompt_page(deliberation: Deliberation, form: PromptForm, status: int = 200) -> Response:
    page = render_template(
        "deliberations/new_prompt.html",
        current_room="deliberation",
        deliberation=deliberation,
        form=form,
        can_have_more=form.rows < _MOST_ROWS,
    )
    return Response(page, status)


def _offer_sections(form: DeliberationForm) -> None:
    release = release_labelled(db.session, form.spec.data) if form.spec.data else None
    sections = release.sections if release else []
    form.sections.choices = [SelectChoice(section.key, section.title) for section in sections]


def _offer_prompts(form: PromptForm, deliberation: Deliberation) -> None:
    """The prompts of the release that were searched for, by section, and its sections; those at stake first."""
    release = deliberation.release
    titles = {section.value: section.label for section in _sections(deliberation)}
    samples = [
        SelectChoice(sample.source, _told(sample), optgroup=titles.get(sample.section or "", _("Elsewhere")))
        for sample in (sample_prompts(release) if release else [])
        # What was chosen stays chosen, whatever is searched for afterwards.
        if sample.source == form.source.data
        or matches(sample, form.find.data or "", titles.get(sample.section or "", ""))
    ]
    form.source.choices = [SelectChoice("", _("None: I type it in below")), *_grouped(samples, [*titles.values()])]
    form.section.choices = [SelectChoice("", _("The one that the prompt is from, if any")), *_sections(deliberation)]


def _told(sample: SamplePrompt) -> str:
    """A prompt in a list: its title, and how its question begins."""
    title, asked = _shortened(sample.title.rstrip(".:")), _shortened(said_in(sample), 60)
    return title if asked.startswith(title) else f"{title}: “{asked}”"


def _grouped(choices: list[SelectChoice], groups: list[str]) -> list[SelectChoice]:
    """Each group in one piece, in the order of `groups`; others at the end."""
    order = {group: at for at, group in reversed(list(enumerate(groups)))}
    return sorted(choices, key=lambda choice: order.get(choice.optgroup, len(groups)))


def _offer_placements(form: PlacementForm, deliberation: Deliberation, rows: list[PromptRow]) -> None:
    form.statement.choices = [
        SelectChoice(
            row.statement.key,
            f"{row.statement.key}: {_shortened(row.statement.text)}",
            {"lang": row.statement.language or deliberation.language},
        )
        for prompt in rows
        for row in prompt.statements
    ]
    form.section.choices = _sections(deliberation)


def _sections(deliberation: Deliberation) -> list[SelectChoice]:
    """The release's sections to choose from, those at stake first."""
    at_stake = {section.key for section in deliberation.sections}
    sections = deliberation.release.sections if deliberation.release else []
    ordered = sorted(sections, key=lambda section: section.key not in at_stake)  # stable: otherwise in their order
    return [SelectChoice(section.key, section.title) for section in ordered]


def _shortened(text: str, most: int = 70) -> str:
    return text if len(text) <= most else text[:most].rstrip() + "…"
