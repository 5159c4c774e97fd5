"""Voting: one statement at a time, and the list of one's own votes."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, get_flashed_messages, render_template, request, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from deliberation.db.session import db
from deliberation.participants.identity import current_device, remember
from deliberation.voting.casting import NotAccepted, cast, change, deal
from deliberation.voting.models import Choice
from deliberation.voting.offering import OfferInvalid, Ticket, seal, unseal
from deliberation.voting.queries import MyVote, my_votes
from deliberation.voting.reasons import LIMIT, ReasonTooLong, clean
from deliberation.voting.routing import Deck, Face
from deliberation.voting.visiting import Visit, arrive
from deliberation.web import hx
from deliberation.web.lists import csv_response, json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("voting", __name__)

_CHOICES = {choice.name.lower(): choice for choice in Choice}
_MY_COLUMNS = ("statement", "text", "vote", "reason", "cast_at")


@dataclass(frozen=True)
class Entry:
    """What was sent with a card, and what is wrong with it."""

    choice: Choice | None
    reason: str
    error: str | None = None  # "vote" or "reason"


@bp.get("/d/<slug>/vote")
@requires(Permission.TAKE_PART)
def show(slug: str) -> Response:
    visit = arrive(slug, current_device())
    if not visit.is_open:
        return _show_state(visit)
    saved = next((str(choice) for choice in get_flashed_messages(category_filter=["saved"])), None)
    response = _show_card(deal(visit), saved=saved)
    remember(visit.device, response)
    return response


@bp.post("/d/<slug>/vote")
@requires(Permission.TAKE_PART)
def create(slug: str) -> Response:
    # This is the request that must be fast: docs/architecture.md says how it is laid out.
    visit = arrive(slug, current_device())
    ticket = _ticket(visit)
    entry = _read_entry()
    if not visit.is_open:
        return _show_state(visit, 409)
    if entry.choice is None or entry.error:
        return _show_card(visit, ticket=ticket, entry=entry, status=422)
    try:
        after = cast(visit, ticket, entry.choice, entry.reason)
    except NotAccepted:
        visit = arrive(slug, visit.device)
        return _show_card(deal(visit), is_gone=True, status=409) if visit.is_open else _show_state(visit, 409)
    saved = entry.choice.name.lower()
    if hx.is_fragment():
        return _show_card(after, saved=saved)
    flash(saved, "saved")
    return hx.redirect_to(url_for("voting.show", slug=slug))


@bp.get("/d/<slug>/mine")
@requires(Permission.TAKE_PART)
def mine(slug: str) -> str:
    visit = arrive(slug, current_device())
    votes = my_votes(db.session, visit.participant_id)
    return render_template("voting/mine.html", deliberation=visit.deck, visit=visit, votes=votes, current_tab="mine")


@bp.get("/d/<slug>/mine.csv")
@requires(Permission.TAKE_PART)
def mine_csv(slug: str) -> Response:
    votes = my_votes(db.session, arrive(slug, current_device()).participant_id)
    return csv_response([_MY_COLUMNS, *(tuple(_as_row(vote).values()) for vote in votes)], f"{slug}-my-votes.csv")


@bp.get("/d/<slug>/mine.json")
@requires(Permission.TAKE_PART)
def mine_json(slug: str) -> Response:
    votes = my_votes(db.session, arrive(slug, current_device()).participant_id)
    return json_response([_as_row(vote) for vote in votes], f"{slug}-my-votes.json")


@bp.post("/d/<slug>/mine")
@requires(Permission.TAKE_PART)
def update(slug: str) -> Response:
    visit = arrive(slug, current_device())
    choice = _CHOICES.get(request.form.get("vote", ""))
    statement_id = request.form.get("statement", type=int)
    if choice is None or not statement_id:
        raise BadRequest("A vote is agree, disagree or pass, on one of the statements in the list.")
    change(visit, statement_id, choice)
    if not hx.is_fragment():
        return hx.redirect_to(url_for("voting.mine", slug=slug, _anchor=f"statement-{statement_id}"))
    vote = next(vote for vote in my_votes(db.session, visit.participant_id) if vote.statement_id == statement_id)
    return hx.answer(
        "voting/_my_vote.html", "voting/_my_vote.html", deliberation=visit.deck, visit=visit, vote=vote, saved=True
    )


def _ticket(visit: Visit) -> Ticket:
    form = request.form
    try:
        return unseal(form.get("offer", ""), visit.holder, form.get("statement", ""), _secret())
    except OfferInvalid as error:
        raise BadRequest(
            "The form's hidden fields are missing, or the form was opened in another browser. Cookies must be on."
        ) from error


def _read_entry() -> Entry:
    choice = _CHOICES.get(request.form.get("vote", ""))
    reason = request.form.get("reason", "")
    try:
        return Entry(choice, clean(reason), None if choice is not None else "vote")
    except ReasonTooLong:
        return Entry(choice, reason, "reason")


def _show_card(
    visit: Visit,
    *,
    ticket: Ticket | None = None,
    entry: Entry | None = None,
    saved: str | None = None,
    is_gone: bool = False,
    status: int = 200,
) -> Response:
    """The card on the table, or `ticket` again; where all is answered, the end of the pile."""
    ticket = ticket or visit.card
    face = visit.deck.faces.get(ticket.statement_id) if ticket else None
    return hx.answer(
        "voting/show.html",
        "voting/_card.html",
        status=status,
        current_tab="vote",
        deliberation=visit.deck,
        visit=visit,
        face=_face(visit.deck, face, entry) if face else None,
        has_situation=bool(face and face.messages),
        statement_id=ticket.statement_id if ticket else None,
        offer=seal(ticket, visit.holder, _secret()) if ticket else None,
        # The token that was just checked goes back: signing another one costs more than the draw.
        csrf=request.form.get("csrf_token") or generate_csrf(),
        saved=saved,
        refused="gone" if is_gone else entry.error if entry else None,
    )


def _face(deck: Deck, face: Face, entry: Entry | None) -> Markup:
    """The face of a card; rendered once for everybody, except for a form that comes back with its text."""
    if entry:
        return _render_face(deck, face, entry)
    key = (face.id, str(get_locale()), request.script_root)
    if key not in deck.rendered:
        deck.rendered[key] = _render_face(deck, face, Entry(None, ""))
    return deck.rendered[key]


def _render_face(deck: Deck, face: Face, entry: Entry) -> Markup:
    is_too_long = entry.error == "reason"
    html = render_template(
        "voting/_face.html",
        deliberation=deck,
        face=face,
        reason=entry.reason,
        is_too_long=is_too_long,
        reason_limit=LIMIT,
    )
    return Markup(html)  # noqa: S704 - a template's own output, escaped there


def _show_state(visit: Visit, status: int = 200) -> Response:
    """Voting has not begun, or has ended."""
    return hx.answer(
        "voting/state.html",
        "voting/_state.html",
        status=status,
        current_tab="vote",
        deliberation=visit.deck,
        is_closed=visit.is_closed,
        nothing_saved=request.method == "POST",
    )


def _as_row(vote: MyVote) -> dict[str, str | None]:
    return {
        "statement": vote.key,
        "text": vote.text,
        "vote": vote.choice.name.lower(),
        "reason": vote.reason,
        "cast_at": vote.cast_at.isoformat(timespec="seconds"),
    }


def _secret() -> str:
    return str(current_app.secret_key)
