"""The application: settings, extensions, then every room's doors from one written list."""

import sys
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from flask_alembic import Alembic
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import event
from sqlalchemy.orm import Session

from deliberation import settings as settings_module
from deliberation.accounts import commands as accounts_commands
from deliberation.accounts import guard
from deliberation.accounts import models as _accounts_models  # noqa: F401 - so that the schema is whole
from deliberation.accounts import views as accounts_views
from deliberation.amendments import commands as amendments_commands
from deliberation.amendments import manage as amendments_manage
from deliberation.amendments import models as _amendments_models  # noqa: F401
from deliberation.amendments import views as amendments_views
from deliberation.db.base import Base
from deliberation.db.migrating import render_item
from deliberation.db.session import db, engine_options, prepare_sqlite
from deliberation.deliberations import commands as deliberations_commands
from deliberation.deliberations import manage as deliberations_manage
from deliberation.deliberations import models as _deliberations_models  # noqa: F401
from deliberation.demo import commands as demo_commands
from deliberation.errors import SettingsError
from deliberation.interop import commands as interop_commands
from deliberation.operations import commands as operations_commands
from deliberation.pages import views as pages_views
from deliberation.participants import models as _participants_models  # noqa: F401
from deliberation.privacy import views as privacy_views
from deliberation.results import commands as results_commands
from deliberation.results import manage as results_manage
from deliberation.results import models as _results_models  # noqa: F401
from deliberation.results import views as results_views
from deliberation.settings import Settings
from deliberation.spec import commands as spec_commands
from deliberation.spec import models as _spec_models  # noqa: F401
from deliberation.spec import views as spec_views
from deliberation.voting import models as _voting_models  # noqa: F401
from deliberation.voting import views as voting_views
from deliberation.web import assets, faults, headers, hx, preferences
from deliberation.web.text import rich_text

PACKAGE = Path(__file__).parent

BLUEPRINTS = [
    pages_views.bp,
    spec_views.bp,
    voting_views.bp,
    privacy_views.bp,
    results_views.bp,
    results_manage.bp,
    amendments_views.bp,
    amendments_manage.bp,
    deliberations_manage.bp,
    accounts_views.bp,
]

COMMANDS: list[click.Command] = [
    accounts_commands.cli,
    spec_commands.cli,
    deliberations_commands.cli,
    deliberations_commands.statements_cli,
    interop_commands.cli,
    results_commands.analyse,
    amendments_commands.cli,
    demo_commands.demo,
    operations_commands.cli,
    operations_commands.serve,
]


def create_app(settings: Settings | None = None) -> Flask:
    """The service, ready to answer. Raises SettingsError where a setting cannot be used."""
    settings = settings or settings_module.read_settings()
    app = Flask("deliberation", root_path=str(PACKAGE), template_folder=str(resource("templates")))
    app.config.update(_flask_config(settings))
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["rich_text"] = rich_text
    app.context_processor(lambda: {"site_name": settings.site_name, "host_name": settings.host_name})

    db.init_app(app)
    # There are no asynchronous sessions; closing them would start an event loop at the end of every request.
    app.teardown_appcontext_funcs = [end for end in app.teardown_appcontext_funcs if not iscoroutinefunction(end)]
    with app.app_context():
        prepare_sqlite(db.engine)
        event.listen(db.sessionmaker, "before_flush", _refuse_flush)
    Alembic(app, run_mkdir=False, metadatas=Base.metadata)
    CSRFProtect(app)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    Babel(app)
    hx.init_app(app)
    headers.init_app(app)
    faults.init_app(app)
    assets.init_app(app)
    preferences.init_app(app)
    guard.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def resource(name: str) -> Path:
    """A folder that lies inside the installed package, or beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def start() -> Flask:
    """The service; a setting that cannot be used ends the process with one line."""
    try:
        return create_app()
    except SettingsError as error:
        sys.exit(str(error))


def main() -> None:
    """The command `collective-alignment`: the same commands as `flask` has in a checkout."""
    FlaskGroup(name="collective-alignment", create_app=start, add_version_option=False).main(windows_expand_args=False)


def _flask_config(settings: Settings) -> dict[str, Any]:
    url = settings.resolved_database_url()
    return {
        "SECRET_KEY": _secret_key(settings),
        "SQLALCHEMY_ENGINES": {"default": engine_options(url)},
        "ALEMBIC": {"script_location": str(resource("migrations"))},
        "ALEMBIC_CONTEXT": {"render_as_batch": True, "compare_type": True, "render_item": render_item},
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        # Bound to the session instead: a participant who pauses for an hour keeps a form that works.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
    }


def _secret_key(settings: Settings) -> str:
    try:
        if not settings.database_url:
            settings.instance.mkdir(parents=True, exist_ok=True)
        return settings.resolved_secret_key()
    except OSError as error:
        raise SettingsError(
            f"the instance folder '{settings.instance}' cannot be used: {error.strerror}",
            hint="name one that can be written to with DELIBERATION_INSTANCE",
        ) from error


def _refuse_flush(_session: Session, *_arguments: Any) -> None:
    # Reads run without a transaction on SQLite, so a write here would be committed piece by piece.
    raise RuntimeError("this session is for reading; write within `with transaction() as session`")
