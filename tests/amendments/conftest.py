"""Fixtures of this room."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from deliberation.db.session import db


@pytest.fixture
def reading(app: Flask) -> Iterator[Session]:
    """The session that reads, within the application's context. Scenes write in transactions of their own."""
    with app.app_context():
        yield db.session
