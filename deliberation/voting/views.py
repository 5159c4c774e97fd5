"""Voting: one statement at a time, and the list of one's own votes."""

from flask import Blueprint, Response, current_app, flash, get_flashed_messages, render_template, request, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from deliberation.db.session import db, transaction
from deliberation.errors import NotFound
from deliberation.participants.identity import current_device, remember
from deliberation.voting.casting import Answer, NotAccepted, cast, change, deal, keep
from deliberation.voting.forms import CHOICES, Entry, draft_of, drop_draft, keep_draft, read_entry
from deliberation.voting.models import Choice, Source, Why
from deliberation.voting.offering import OfferInvalid, Ticket, seal, unseal
from deliberation.voting.queries import MyVote, my_tally, my_vote, my_votes
from deliberation.voting.reasons import LIMIT
from deliberation.voting.routing import Deck, Face
from deliberation.voting.visiting import Visit, arrive
from deliberation.voting.withdrawing import NotTakenBack, last_vote, undo, withdraw
from deliberation.web import hx
from deliberation.web.lists import csv_response, json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("voting", __name__)

_MY_COLUMNS = ("statement", "text", "vote", "reason", "cast_at", "important", "counted")


@bp.get("/d/<slug>/vote")
@requires(Permission.TAKE_PART)
def show(slug: str) -> Response:
    visit = arrive(slug, current_device())
    if not visit.is_open:
        return _show_state(visit)
    if "statement" in request.args:
        response = _show_chosen(visit, request.args["statement"])
    elif visit.is_at_stop and "on" not in request.args:
        response = _show_card(visit, saved=_flashed(), undo=last_vote(db.session, visit.participant_id))
    else:
        dealt = deal(visit)
        entry = draft_of(dealt.card.statement_id) if dealt.card else None
        response = _show_card(dealt, entry=entry, saved=_flashed(), undo=last_vote(db.session, visit.participant_id))
    remember(visit.device, response)
    return response


@bp.post("/d/<slug>/vote")
@requires(Permission.TAKE_PART)
def create(slug: str) -> Response:
    # This is the request that must be fast: docs/architecture.md says how it is laid out.
    visit = arrive(slug, current_device())
    ticket = _sent_ticket(visit)
    statement_id = _sent_statement(visit, ticket)
    entry = read_entry()
    if not visit.is_open:
        return _show_state(visit, 409)
    if entry.choice is None or entry.error:
        return _show_card(visit, ticket=ticket, entry=entry, status=422)
    try:
        if statement_id != ticket.statement_id:
            keep(visit, statement_id, entry.answer())
            return _show_card(deal(arrive(slug, visit.device)), told="not_offered")
        after = cast(visit, ticket, entry.answer())
    except NotAccepted:
        visit = arrive(slug, visit.device)
        return _show_card(deal(visit), told="gone", status=409) if visit.is_open else _show_state(visit, 409)
    drop_draft()
    saved = entry.choice.name.lower()
    if hx.is_fragment():
        response = _show_card(after, saved=saved, undo=statement_id)
        if ticket.source is Source.CHOSEN:  # a reload shows the card that is on the table now
            response.headers["HX-Replace-Url"] = url_for("voting.show", slug=slug)
        return response
    flash(saved, "saved")
    return hx.redirect_to(url_for("voting.show", slug=slug))


@bp.post("/d/<slug>/vote/undo")
@requires(Permission.TAKE_PART)
def undo_last(slug: str) -> Response:
    visit = arrive(slug, current_device())
    statement_id = request.form.get("statement", type=int)
    if statement_id is None or visit.participant_id is None:
        raise BadRequest("Nothing was voted from this browser that could be taken back.")
    if not visit.is_open:
        return _show_state(visit, 409)
    try:
        with transaction() as session:
            taken = undo(session, visit.participant_id, statement_id)
    except NotTakenBack:
        return _show_card(deal(visit), told="not_undone", status=409)
    if taken is not None:
        keep_draft(statement_id, Entry(reason=taken.reason, is_important=taken.important))
    visit = arrive(slug, visit.device)
    has_chosen = taken is not None and taken.was_chosen and statement_id in visit.deck.faces
    ticket = visit.choosing(statement_id) if has_chosen else None
    address = url_for("voting.show", slug=slug, statement=visit.deck.faces[statement_id].key if ticket else None)
    if not hx.is_fragment():
        flash("undone", "saved")
        return hx.redirect_to(address)
    dealt = visit if ticket else deal(visit)
    shown = ticket or dealt.card
    entry = draft_of(shown.statement_id) if shown else None
    before = last_vote(db.session, visit.participant_id)
    response = _show_card(dealt, ticket=ticket, entry=entry, saved="undone", undo=before)
    response.headers["HX-Replace-Url"] = address
    return response


@bp.get("/d/<slug>/mine")
@requires(Permission.TAKE_PART)
def mine(slug: str) -> Response:
    visit = arrive(slug, current_device())
    votes = my_votes(db.session, visit.participant_id)
    choice, words = CHOICES.get(request.args.get("vote", "")), request.args.get("text", "").strip()
    page = render_template(
        "voting/mine.html",
        deliberation=visit.deck,
        visit=visit,
        votes=[vote for vote in votes if vote.fits(choice, words)],
        has_votes=bool(votes),
        wanted={"vote": choice.name.lower() if choice is not None else "", "text": words},
        told=next(iter(get_flashed_messages(category_filter=["mine"])), None),
        current_tab="mine",
    )
    return _for_nobody_else(Response(page))


@bp.get("/d/<slug>/mine.csv")
@requires(Permission.TAKE_PART)
def mine_csv(slug: str) -> Response:
    votes = my_votes(db.session, arrive(slug, current_device()).participant_id)
    rows = [_MY_COLUMNS, *(tuple(_as_row(vote).values()) for vote in votes)]
    return _for_nobody_else(csv_response(rows, f"{slug}-my-votes.csv"))


@bp.get("/d/<slug>/mine.json")
@requires(Permission.TAKE_PART)
def mine_json(slug: str) -> Response:
    votes = my_votes(db.session, arrive(slug, current_device()).participant_id)
    return _for_nobody_else(json_response([_as_row(vote) for vote in votes], f"{slug}-my-votes.json"))


@bp.post("/d/<slug>/mine")
@requires(Permission.TAKE_PART)
def update(slug: str) -> Response:
    visit = arrive(slug, current_device())
    statement_id = request.form.get("statement", type=int)
    vote = my_vote(db.session, visit.participant_id, statement_id) if statement_id else None
    if not statement_id or not {"vote", "important", "withdraw"} & request.form.keys():
        raise BadRequest("A vote is agree, disagree, pass or unclear, on one of the statements in the list.")
    if vote is None:
        raise NotAccepted("there is no vote of yours on this statement")
    if "withdraw" in request.form:
        with transaction() as session:
            withdraw(session, visit.participant_id or 0, statement_id)
    else:
        change(visit, statement_id, _changed(vote))
    if not hx.is_fragment():
        flash("withdrawn" if "withdraw" in request.form else "saved", "mine")
        wanted = [request.args.get(name) or None for name in ("vote", "text")]  # what the list was filtered by
        address = url_for("voting.mine", slug=slug, vote=wanted[0], text=wanted[1])
        return hx.redirect_to(f"{address}#statement-{statement_id}")
    after = my_vote(db.session, visit.participant_id, statement_id)
    template = "voting/_my_vote.html" if after else "voting/_withdrawn.html"
    return hx.answer(template, template, deliberation=visit.deck, visit=visit, vote=after or vote, saved=True)


def _changed(vote: MyVote) -> Answer:
    """The vote as the form wants it: another choice, or only the mark."""
    if "vote" not in request.form:
        return Answer(vote.choice, important=request.form["important"] == "1")
    choice = CHOICES.get(request.form["vote"])
    if choice is None:
        raise BadRequest("A vote is agree, disagree, pass or unclear.")
    return Answer(choice)


def _sent_ticket(visit: Visit) -> Ticket:
    try:
        return unseal(request.form.get("offer", ""), visit.holder, _secret())
    except OfferInvalid as error:
        raise BadRequest(
            "The form's hidden fields are missing, or the form was opened in another browser. Cookies must be on."
        ) from error


def _sent_statement(visit: Visit, ticket: Ticket) -> int:
    """The statement that is voted on; another one than the offered is of this deliberation at least."""
    sent = request.form.get("statement", type=int)
    if sent is None or (sent != ticket.statement_id and sent not in visit.deck.faces):
        raise BadRequest("The form names no statement that is voted on here.")
    return sent


def _show_chosen(visit: Visit, key: str) -> Response:
    """A statement that somebody opened by its address; their vote on it counts as chosen by themselves."""
    face = next((face for face in visit.deck.faces.values() if face.key == key), None)
    if face is None:
        raise NotFound(f"there is no statement '{key}' to vote on in '{visit.deck.slug}'")
    standing = my_vote(db.session, visit.participant_id, face.id)
    entry = draft_of(face.id) or (Entry(is_important=standing.is_important) if standing else None)
    undoable = last_vote(db.session, visit.participant_id)
    return _show_card(
        visit, ticket=visit.choosing(face.id), entry=entry, saved=_flashed(), undo=undoable, standing=standing
    )


def _show_card(
    visit: Visit,
    *,
    ticket: Ticket | None = None,
    entry: Entry | None = None,
    saved: str | None = None,
    undo: int | None = None,
    told: str | None = None,
    standing: MyVote | None = None,
    status: int = 200,
) -> Response:
    """The card on the table, or that of `ticket`; without one, the point to stop at, or the end of the pile.

    undo: the statement whose vote can be taken back. standing: the vote that another one would replace.
    """
    ticket = ticket or visit.card
    face = visit.deck.faces.get(ticket.statement_id) if ticket else None
    return hx.answer(
        "voting/show.html",
        "voting/_card.html",
        status=status,
        current_tab="vote",
        deliberation=visit.deck,
        visit=visit,
        face=_face(visit.deck, face, ticket.why, entry) if face and ticket else None,
        has_situation=bool(face and face.messages),
        statement_id=ticket.statement_id if ticket else None,
        offer=seal(ticket, visit.holder, _secret()) if ticket else None,
        # The token that was just checked goes back: signing another one costs more than the draw.
        csrf=request.form.get("csrf_token") or generate_csrf(),
        saved=saved,
        undo=undo,
        standing=standing,
        told=told or (entry.error if entry else None),
        tally=_tally(visit) if face is None else {},
    )


def _face(deck: Deck, face: Face, why: Why, entry: Entry | None) -> Markup:
    """The face of a card; rendered once for everybody, except for a form that comes back with what was typed in."""
    if entry:
        return _render_face(deck, face, why, entry)
    key = (face.id, f"{get_locale()} {why}", request.script_root)
    if key not in deck.rendered:
        deck.rendered[key] = _render_face(deck, face, why, Entry())
    return deck.rendered[key]


def _render_face(deck: Deck, face: Face, why: Why, entry: Entry) -> Markup:
    html = render_template(
        "voting/_face.html", deliberation=deck, face=face, why=why.value, entry=entry, reason_limit=LIMIT
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


def _tally(visit: Visit) -> dict[str, int]:
    """One's own votes by choice, where there are any of it."""
    tally = my_tally(db.session, visit.participant_id)
    return {choice.name.lower(): tally[choice] for choice in Choice if tally[choice]}


def _for_nobody_else(response: Response) -> Response:
    """No cache keeps what somebody voted, so that nothing of it is left once they have left the device."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _flashed() -> str | None:
    """What was saved before the browser was sent here."""
    return next((str(saved) for saved in get_flashed_messages(category_filter=["saved"])), None)


def _as_row(vote: MyVote) -> dict[str, str | bool | None]:
    return {
        "statement": vote.key,
        "text": vote.text,
        "vote": vote.choice.name.lower(),
        "reason": vote.reason,
        "cast_at": vote.cast_at.isoformat(timespec="seconds"),
        "important": vote.is_important,
        "counted": vote.is_counted,
    }


def _secret() -> str:
    return str(current_app.secret_key)
