"""Models and migrations agree, on both databases."""

import pytest
from flask import Flask


def test_the_migrations_make_the_schema_that_the_models_describe(any_app: Flask) -> None:
    with any_app.app_context():
        alembic = any_app.extensions["alembic"]

        differences = alembic.compare_metadata()

    assert differences == []


@pytest.mark.parametrize("application", ["sqlite_app", pytest.param("postgres_app", marks=pytest.mark.postgres)])
def test_the_migrations_go_down_to_nothing_and_up_again(application: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(application)
    with app.app_context():
        alembic = app.extensions["alembic"]

        alembic.downgrade(target="base")
        alembic.upgrade()

        assert alembic.compare_metadata() == []
