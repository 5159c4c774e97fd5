"""A deliberation that came out with something of every class, and how tests read its page."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, DeliberationSection, Moderation, Statement
from deliberation.participants.models import Participant
from deliberation.results.models import Run
from deliberation.spec.models import Release, Section
from deliberation.voting.models import Choice, Source, Vote, VoteEvent
from tests.builders import a_deliberation, a_statement, add

A, B = 40, 30  # people in the two camps

TEXTS = {
    "1": "The assistant should say when it is guessing.",
    "2": "The assistant should open every reply with praise.",
    "3": "The assistant should hold back bad news.",
    "4": "The assistant should use harsh words if asked to.",
    "5": "The assistant should ask before it criticises.",
    "6": "The assistant should give its confidence as a number.",
    "7": "The assistant should name its sources.",
    "8": "The assistant should never joke.",
}
CLASSES = {
    "1": "consensus_agree",
    "2": "consensus_disagree",
    "3": "contested",
    "4": "contested",
    "5": "contested",
    "6": "uncertain",
    "7": "uncertain",
    "8": "too_few",
}


def choice(person: int, key: str) -> Choice | None:
    """What somebody says: two camps differ on 3 to 5, nobody is of one mind on 6 and 7, few were asked about 8."""
    if key == "8" and person % 20:
        return None
    if person % 10 == int(key):
        return Choice.PASS  # so that no two people are quite alike
    if key in "67":
        return (Choice.PASS, Choice.AGREE, Choice.PASS, Choice.DISAGREE)[(person * (int(key) - 3)) % 4]
    if key in "345":
        return Choice.AGREE if (person < A) == (key != "5") else Choice.DISAGREE
    return Choice.DISAGREE if key == "2" else Choice.AGREE


def deliberate(session: Session, **columns: Any) -> Deliberation:
    """70 people in two camps on 8 statements, the first three of them tied to a section, another section unasked."""
    release = add(session, Release(label="sample", file_name="model_spec.md", sha256="0" * 64, data=b"# Candour\n"))
    deliberation = a_deliberation(session, **({"slug": "candour", "release_id": release.id} | columns))
    keys = ("candour", "manner")
    for position, key in enumerate(keys):
        section = Section(release_id=release.id, key=key, position=position, title=f"On {key}", level=2)
        section.authority = "user"
        add(session, section)
        add(session, DeliberationSection(deliberation_id=deliberation.id, section_id=section.id))
    candour = session.scalars(sa.select(Section).where(Section.key == "candour")).one()
    for key, text in TEXTS.items():
        section_id = candour.id if key in "123" else None
        a_statement(session, deliberation, key=key, position=int(key), text=text, section_id=section_id)
    people = [Participant(deliberation_id=deliberation.id, key=str(number)) for number in range(A + B)]
    session.add_all(people)
    session.flush()
    _cast_all(session, deliberation, people)
    return deliberation


def _cast_all(session: Session, deliberation: Deliberation, people: list[Participant]) -> None:
    statements = session.scalars(sa.select(Statement).where(Statement.deliberation_id == deliberation.id)).all()
    rows = [
        {"participant_id": person.id, "statement_id": statement.id, "choice": int(said), "cast_at": now()}
        for number, person in enumerate(people)
        for statement in statements
        if (said := choice(number, statement.key)) is not None
    ]
    session.execute(sa.insert(VoteEvent), rows)
    session.execute(sa.insert(Vote), [row | {"source": Source.IMPORTED.value, "important": False} for row in rows])


def recast(app: Flask, person: str, statement: str, said: Choice) -> None:
    """Somebody changes their mind: the vote that stands, and the event."""
    with app.app_context(), transaction() as session:
        ids = {
            "participant_id": session.scalars(sa.select(Participant.id).where(Participant.key == person)).one(),
            "statement_id": session.scalars(sa.select(Statement.id).where(Statement.key == statement)).one(),
        }
        session.execute(sa.update(Vote).filter_by(**ids).values(choice=int(said)))
        session.add(VoteEvent(**ids, choice=int(said), cast_at=now()))


def decline(app: Flask, key: str) -> None:
    """Moderation declines a statement."""
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Statement).where(Statement.key == key).values(moderation=Moderation.DECLINED))
        session.execute(sa.update(Deliberation).values(version=Deliberation.version + 1))


def stored_runs(app: Flask) -> list[Run]:
    """All runs, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Run).order_by(Run.id)))


def as_published(run: Run) -> bytes:
    """The stored JSON, but without the names of those who bear a sign of coordination."""
    stored = json.loads(run.result)
    stored["integrity"]["flagged"] = {}
    return json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True)
class Mark:
    """Where somebody stands on the map, as the picture writes it."""

    x: str
    y: str


def drawn_marks(page: str) -> list[Mark]:
    """The people on the map."""
    picture = re.search(r'<svg class="chart map".*?</svg>', page, re.DOTALL)
    assert picture, "there is no map"
    return [Mark(x, y) for x, y in re.findall(r'<use [^>]*x="([\d.]+%)" y="([\d.]+%)"', picture[0])]


def listed_marks(page: str) -> dict[str, Mark]:
    """The people in the table that stands for the map."""
    row = r'<th scope="row">([^<]+)</th><td>[^<]+</td><td class="num">([\d.]+%)</td><td class="num">([\d.]+%)</td>'
    return {key: Mark(x, y) for key, x, y in re.findall(row, page[page.index("map-table") :])}


def words(page: str) -> str:
    """What a page says, without its tags, each gap one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
