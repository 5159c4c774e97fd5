"""What participants decide about their own data: delete it all, take it to another device, leave this one."""

from flask import Blueprint, Response, current_app, flash, get_flashed_messages, render_template, request, url_for
from flask import session as browser
from werkzeug.exceptions import BadRequest

from deliberation.db.session import db, transaction
from deliberation.participants import devices
from deliberation.participants.devices import TooManyTries, WordsInvalid
from deliberation.participants.identity import current_device, forget, remember
from deliberation.participants.words import tidy
from deliberation.privacy.erasing import erase
from deliberation.voting.queries import my_tally
from deliberation.voting.visiting import Visit, arrive
from deliberation.web import hx
from deliberation.web.permissions import Permission, requires

bp = Blueprint("privacy", __name__)


@bp.get("/d/<slug>/mine/erasure")
@requires(Permission.TAKE_PART)
def confirm_erasure(slug: str) -> Response:
    return _page("privacy/confirm_erasure.html", arrive(slug, current_device()))


@bp.post("/d/<slug>/mine/erasure")
@requires(Permission.TAKE_PART)
def create_erasure(slug: str) -> Response:
    visit = arrive(slug, current_device())
    if visit.participant_id is not None:
        with transaction() as session:
            erase(session, visit.participant_id)
    browser.pop("draft", None)
    flash("erased", "privacy")
    return hx.redirect_to(url_for(".device", slug=slug))


@bp.get("/d/<slug>/device")
@requires(Permission.TAKE_PART)
def device(slug: str) -> Response:
    return _page("privacy/device.html", arrive(slug, current_device()))


@bp.post("/d/<slug>/device/words")
@requires(Permission.TAKE_PART)
def create_words(slug: str) -> Response:
    visit = arrive(slug, current_device())
    if visit.participant_id is None:
        raise BadRequest("There is nothing to take along: nobody has voted from this browser yet.")
    with transaction() as session:
        words = devices.let_another_in(session, visit.participant_id, visit.deck.deliberation_id)
    link = url_for(".come_in", slug=slug, words=words.replace(" ", "-"), _external=True)
    return _page("privacy/words.html", visit, words=words, link=link, minutes=devices.LIFE.seconds // 60)


@bp.get("/d/<slug>/device/join")
@requires(Permission.TAKE_PART)
def come_in(slug: str) -> Response:
    # Only asks: whatever previews a link in a message must not use the words up.
    visit = arrive(slug, current_device())
    response = _page("privacy/come_in.html", visit, words=tidy(request.args.get("words", "")))
    remember(visit.device, response)
    return response


@bp.post("/d/<slug>/device/join")
@requires(Permission.TAKE_PART)
def create_arrival(slug: str) -> Response:
    visit = arrive(slug, current_device())
    sender = devices.sender_of(request.remote_addr or "", str(current_app.secret_key))
    typed = request.form.get("words", "")[:200]
    try:
        with transaction() as session:
            devices.refuse_guessing(session, sender)
            arrival = devices.come_in(session, typed, visit.device, visit.deck.deliberation_id)
            if arrival.left is not None:
                erase(session, arrival.left)
    except WordsInvalid:
        with transaction() as session:
            devices.note_failure(session, sender)
        return _page("privacy/come_in.html", visit, 422, words=typed, error="invalid")
    except TooManyTries:
        response = _page("privacy/come_in.html", visit, 429, words=typed, error="too_many")
        response.headers["Retry-After"] = str(devices.WINDOW.seconds)
        return response
    browser.pop("draft", None)
    flash("arrived", "privacy")
    response = hx.redirect_to(url_for(".device", slug=slug))
    remember(visit.device, response)
    return response


@bp.post("/d/<slug>/device/leave")
@requires(Permission.TAKE_PART)
def create_leave(slug: str) -> Response:
    with transaction() as session:
        devices.leave(session, current_device())
    for kept in ("draft", "csrf_token"):
        browser.pop(kept, None)
    flash("left", "privacy")
    response = hx.redirect_to(url_for(".device", slug=slug))
    forget(response)
    return response


def _page(template: str, visit: Visit, status: int = 200, **context: object) -> Response:
    tally = my_tally(db.session, visit.participant_id)
    told = next(iter(get_flashed_messages(category_filter=["privacy"])), None)
    html = render_template(
        template, deliberation=visit.deck, visit=visit, votes=tally.total(), told=told, current_tab="mine", **context
    )
    response = Response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
    return response
