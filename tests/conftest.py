"""Fixtures of all tests: an application on a migrated database of its own, on SQLite or PostgreSQL, and real data."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from deliberation.db.session import db, transaction
from deliberation.factory import create_app
from deliberation.settings import read_settings

CHECKOUT = Path(__file__).parent.parent
REQUIRE_ALL = os.environ.get("CI") == "true"


def _missing(reason: str) -> None:
    """Skip; where nothing may be skipped, fail."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real specs and real votes."""
    folder = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
    if not folder.is_dir():
        # A contributor may have none of it; nothing of it is part of the project.
        _missing(f"no real data at {folder}; set DELIBERATION_TEST_DATA")
    return folder


def _make_app(instance: Path, database_url: str = "") -> Flask:
    settings = read_settings(instance=instance, database_url=database_url, secret_key="only for tests")
    app = create_app(settings)
    app.testing = True
    # Errors are answered as users see them; an unexpected one fails the test that looks at the status.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _migrate(app: Flask) -> None:
    with app.app_context():
        app.extensions["alembic"].upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema that the migrations make; tests get copies."""
    instance = tmp_path_factory.mktemp("migrated")
    _migrate(_make_app(instance))
    file = instance / "deliberation.sqlite3"
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> sa.URL:
    """A PostgreSQL server that lets us create databases."""
    url = os.environ.get("DELIBERATION_TEST_POSTGRES")
    if not url:
        _missing("no PostgreSQL: set DELIBERATION_TEST_POSTGRES (scripts/test-deps prints it)")
    return sa.make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def _migrated_template(postgres_server: sa.URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL database with the schema that the migrations make, to copy from."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    with _administrating(postgres_server) as connection:
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
    url = postgres_server.set(database=name).render_as_string(hide_password=False)
    _migrate(_make_app(tmp_path_factory.mktemp("postgres"), url))
    yield name
    with _administrating(postgres_server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _administrating(server: sa.URL) -> sa.Connection:
    return sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect()


@pytest.fixture
def sqlite_app(tmp_path: Path, _migrated_file: Path) -> Iterator[Flask]:
    """The application on a fresh SQLite file."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copy(_migrated_file, instance / "deliberation.sqlite3")
    app = _make_app(instance)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def postgres_app(tmp_path: Path, postgres_server: sa.URL, _migrated_template: str) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _administrating(postgres_server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {_migrated_template}")
    app = _make_app(tmp_path, postgres_server.set(database=name).render_as_string(hide_password=False))
    yield app
    with app.app_context():
        db.engine.dispose()
    with _administrating(postgres_server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """The application; on SQLite, the default. Tests of behaviour that the database decides use `any_app`."""
    return sqlite_app


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application, once on each database."""
    application: Flask = request.getfixturevalue(f"{request.param}_app")
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session within one transaction, in the application's context; committed when the test ends."""
    with app.app_context(), transaction() as session:
        yield session


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line names how many tests could not run, and why is above it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    skipped = len(reporter.stats.get("skipped", []))
    one = skipped == 1
    told = f", see the reason{'' if one else 's'} above" if skipped else ""
    print(f"{skipped} test{'' if one else 's'} could not run{told}")
