"""How somebody wants to see the pages: the theme, kept in a cookie."""

from flask import Blueprint, Flask, request
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from deliberation.web import hx
from deliberation.web.permissions import Permission, requires

THEMES = ("auto", "light", "dark")

bp = Blueprint("preferences", __name__, url_prefix="/preferences")


class ThemeForm(FlaskForm):
    theme = StringField(validators=[AnyOf(THEMES)])
    next = HiddenField()


def init_app(app: Flask) -> None:
    """Tell templates the theme."""
    app.register_blueprint(bp)

    @app.context_processor
    def preferences() -> dict[str, object]:
        chosen = request.cookies.get("theme", "auto") if request else "auto"
        return {"theme": chosen if chosen in THEMES else "auto"}


@bp.post("/theme")
@requires(Permission.PUBLIC)
def create_theme() -> Response:
    form = ThemeForm()
    if not form.validate():
        raise BadRequest("theme: auto, light or dark")
    response = hx.redirect_to(local_path(form.next.data))
    response.set_cookie("theme", form.theme.data, max_age=31536000, samesite="Lax", secure=request.is_secure)
    return response


def local_path(path: str | None) -> str:
    """The path where it stays within this site, else the home page: no open redirects."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
