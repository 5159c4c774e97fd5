"""The deliberation that most tests of this room look at."""

import pytest
from flask import Flask

from deliberation.db.session import transaction
from deliberation.results.running import run
from tests.results.deliberated import deliberate


@pytest.fixture
def deliberated(app: Flask) -> str:
    """The slug of a deliberation with votes of every kind, not analysed yet."""
    with app.app_context(), transaction() as session:
        return deliberate(session).slug


@pytest.fixture
def analysed(app: Flask, deliberated: str) -> str:
    """The same, analysed."""
    with app.app_context():
        run(deliberated)
    return deliberated
