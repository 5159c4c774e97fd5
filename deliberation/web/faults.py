"""Errors as page, fragment or JSON: what happened, whether the input was saved, what to do, and a request id."""

import secrets
from pathlib import Path

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from werkzeug.exceptions import HTTPException

from deliberation.errors import Conflict, DeliberationError, NotAllowed, NotFound
from deliberation.web import hx

_TITLES = {
    400: _l("This request could not be read"),
    403: _l("You may not do this"),
    404: _l("There is nothing here"),
    405: _l("This address does not take that kind of request"),
    409: _l("This is no longer possible"),
    413: _l("This is too large"),
    422: _l("Something has to be corrected"),
    429: _l("Too many requests"),
    503: _l("The service is busy"),
}
_STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409}


def init_app(app: Flask) -> None:
    """Register the handlers."""

    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(DeliberationError, _known_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(WaitedTooLong, _busy)
    app.register_error_handler(Exception, _unexpected_error)


def _csrf_error(_error: CSRFError) -> Response:
    return _answer(
        400,
        _("The form was opened in another session, or its hidden fields are missing."),
        _("Go back, reload the page, and send it again."),
    )


def _known_error(error: DeliberationError) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 422)
    return _answer(status, _sentence(error.message), error.hint or "")


def _http_error(error: HTTPException) -> Response:
    response = error.get_response()
    if response.status_code < 400:  # a redirect raised as an exception, as routing does
        return response  # type: ignore[return-value]  # Werkzeug's response is Flask's here
    # What Werkzeug says of its own speaks to programmers, in English only; the titles here say as much.
    is_ours = error.description != type(error).description
    return _answer(response.status_code, error.description or "" if is_ours else "", "")


def _busy(_error: WaitedTooLong) -> Response:
    response = _answer(503, _("The database is at work on something long."), _("Try again in a minute."))
    response.headers["Retry-After"] = "30"
    return response


def _unexpected_error(error: Exception) -> Response:
    current_app.logger.exception("request %s failed", _request_id(), exc_info=error)
    if _wants_json():
        return _json(500, _("Something went wrong on our side."), "")
    page = Path(current_app.static_folder or "") / "500.html"
    return Response(page.read_text(encoding="utf-8"), 500, mimetype="text/html")


def _sentence(message: str) -> str:
    """A message as a page shows it: commands say the same in the middle of a line."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?")) else ".")


def _request_id() -> str:
    """What the page and the log call this request, so that one can be found from the other."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    return g.request_id


def _wants_json() -> bool:
    return request.path.endswith(".json") or request.path.startswith("/api/")


def _json(status: int, message: str, what_to_do: str) -> Response:
    # RFC 9457: problem details.
    response = jsonify(
        {"title": str(_TITLES.get(status, status)), "status": status, "detail": message, "instance": _request_id()}
        | ({"hint": what_to_do} if what_to_do else {})
    )
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _answer(status: int, message: str, what_to_do: str) -> Response:
    if _wants_json():
        return _json(status, message, what_to_do)
    template = "errors/_error.html" if hx.is_fragment() else "errors/error.html"
    page = render_template(
        template,
        title=_TITLES.get(status, _("This did not work")),
        message=message,
        kept=False,
        what_to_do=what_to_do,
        request_id=_request_id(),
    )
    response = Response(page, status)
    response.vary.add("HX-Request")
    if hx.is_fragment():
        # Beside the form and not in its place: what was typed stays.
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
