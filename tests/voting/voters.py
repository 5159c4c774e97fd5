"""Somebody at the voting page: reads the card as a browser would, and sends its form back."""

import html
import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.voting.models import VoteEvent
from tests.builders import a_deliberation, a_statement

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Card:
    """What stands on a card; `fields` go back as they are."""

    fields: dict[str, str]
    text: str

    @property
    def statement_id(self) -> int:
        return int(self.fields["statement"])


class Voter:
    """One browser."""

    def __init__(self, app: Flask, slug: str):
        self.app = app
        self.address = f"/d/{slug}/vote"
        self.client: FlaskClient = app.test_client()

    def look(self) -> Card:
        """The card that the page shows."""
        return card_of(self.client.get(self.address))

    def send(self, card: Card, vote: str, *, htmx: bool = True, **fields: str) -> TestResponse:
        """Press a button of the card."""
        form = card.fields | {"vote": vote} | fields
        return self.client.post(self.address, data=form, headers=HTMX if htmx else {})

    def open(self, key: str) -> Card:
        """The card of a statement that one opens oneself."""
        return card_of(self.client.get(f"{self.address}?statement={key}"))

    def undo(self, card: Card, *, htmx: bool = True) -> TestResponse:
        """Press Undo after a vote on this card."""
        form = {"csrf_token": card.fields["csrf_token"], "statement": card.fields["statement"]}
        return self.client.post(f"{self.address}/undo", data=form, headers=HTMX if htmx else {})

    def vote(self, vote: str, **fields: str) -> Card:
        """Vote on the card that the page shows; returns that card."""
        card = self.look()
        answer = self.send(card, vote, **fields)
        assert answer.status_code == 200, answer.text
        return card


def card_of(answer: TestResponse) -> Card:
    """The card in an answer."""
    fields = dict(re.findall(r'<input type="hidden" name="(csrf_token|statement|offer)" value="([^"]*)"', answer.text))
    text = re.search(r'<h2 id="statement"[^>]*>(.*?)</h2>', answer.text, re.DOTALL)
    assert text, answer.text
    return Card(fields, html.unescape(text[1]))


def open_deliberation(app: Flask, statements: int = 3, **columns: object) -> str:
    """An open deliberation with so many statements; returns its slug."""
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, **columns)
        for number in range(1, statements + 1):
            a_statement(session, deliberation, key=str(number), text=f"The assistant should do thing {number}.")
        return deliberation.slug


def rows(app: Flask, query: str) -> list[tuple[object, ...]]:
    """The rows that a query finds."""
    with app.app_context():
        return [tuple(row) for row in db.session.execute(sa.text(query))]


def count(app: Flask, table: str) -> int:
    """How many rows a table has."""
    return int(str(rows(app, f"SELECT count(*) FROM {table}")[0][0]))


def events(app: Flask) -> list[int | None]:
    """The choices of all events, in their order; none where a vote was taken back."""
    with app.app_context():
        return list(db.session.scalars(sa.select(VoteEvent.choice).order_by(VoteEvent.id)))


def change_deliberation(app: Flask, slug: str, **columns: object) -> None:
    """Change columns of a deliberation, as opening and closing do."""
    with app.app_context(), transaction() as session:
        session.execute(
            sa.update(Deliberation).where(Deliberation.slug == slug).values(version=Deliberation.version + 1, **columns)
        )


def decline(app: Flask, slug: str, statement_id: int, *, raises_version: bool = True) -> None:
    """Decline a statement, as a moderator does; without raising the version no process hears of it."""
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Statement).where(Statement.id == statement_id).values(moderation=Moderation.DECLINED))
    if raises_version:
        change_deliberation(app, slug)


def add_statement(app: Flask, slug: str, text: str) -> None:
    """Add a statement to a deliberation that is under way."""
    with app.app_context(), transaction() as session:
        a_statement(session, session.scalars(sa.select(Deliberation).filter_by(slug=slug)).one(), text=text)
    change_deliberation(app, slug)
