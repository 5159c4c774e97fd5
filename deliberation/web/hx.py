"""Page or fragment: the one module that knows htmx-flask.

htmx-flask 0.1.0 speaks htmx 2 while the browser has htmx 4, so only what holds for both is used here: whether a
request comes from htmx, and redirects. The target, trigger and prompt that it offers are not.
"""

from flask import Flask, Response, redirect, render_template
from htmx_flask import Htmx, make_response, request

_htmx = Htmx()


def init_app(app: Flask) -> None:
    """Let requests know whether htmx sent them."""
    _htmx.init_app(app)


def is_fragment() -> bool:
    """The browser will put the answer into the page it has. A history restoration wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def answer(page: str, fragment: str, status: int = 200, **context: object) -> Response:
    """The fragment for htmx, else the page that includes it."""
    response: Response = make_response(render_template(fragment if is_fragment() else page, **context))
    response.status_code = status
    response.vary.add("HX-Request")
    return response


def redirect_to(url: str) -> Response:
    """Go elsewhere after a changing request: 303 for a plain form, HX-Redirect for htmx."""
    if not is_fragment():
        return redirect(url, 303)  # type: ignore[return-value]  # Werkzeug's response is Flask's here
    response: Response = make_response("", redirect=url)
    response.vary.add("HX-Request")
    return response
