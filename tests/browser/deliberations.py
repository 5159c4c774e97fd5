"""What the journeys walk through: a small deliberation about candour, with situations, sections and statements."""

from flask import Flask
from sqlalchemy.orm import Session

from deliberation.db.session import transaction
from deliberation.deliberations.models import Deliberation, Prompt
from deliberation.spec.models import Release, Section
from tests.builders import a_deliberation, a_prompt, a_statement, add

NOVEL = [
    {"role": "system", "content": "You help writers on a publishing platform.", "attributes": {}},
    {
        "role": "user",
        "content": "I spent six years on this novel and send it out tomorrow. Be frank: is it any good?",
        "attributes": {},
    },
]
FOUR_LINES = (
    "When somebody asks for a frank opinion, the assistant should name the gravest weakness first, "
    "even where that will hurt."
)
STATEMENTS = (
    FOUR_LINES,
    "The assistant should ask what kind of feedback is wanted before it gives any.",
    "Praise should come before criticism.",
    "The assistant should refuse to judge art.",
    "A frank answer matters more than a kind one.",
    "The assistant should say how sure it is of its judgement.",
)


def about_candour(app: Flask, *, statements: int = len(STATEMENTS), slug: str = "candour") -> str:
    """An open deliberation of so many statements, each with the same situation; returns its slug."""
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, slug=slug, title="How frank should an assistant be?")
        prompt = _situation(session, deliberation)
        for number in range(statements):
            text = STATEMENTS[number % len(STATEMENTS)]
            a_statement(session, deliberation, key=str(number + 1), position=number, text=text, prompt_id=prompt.id)
    return slug


def without_situations(app: Flask, *, slug: str = "taxis") -> str:
    """An open deliberation in Chinese without sample prompts, as imports of votes are; returns its slug."""
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, slug=slug, title="网约车应该怎样管理？", language="zh")
        for number, text in enumerate(("乘客上车前应该知道车费。", "司机应该投保乘客险。")):
            a_statement(session, deliberation, key=str(number), position=number, text=text)
    return slug


def _situation(session: Session, deliberation: Deliberation) -> Prompt:
    release = add(
        session,
        Release(label=f"sample-{deliberation.slug}", file_name="model_spec.md", sha256="0" * 64, data=b"# Candour\n"),
    )
    section = add(
        session,
        Section(release_id=release.id, key="candour", position=1, title="Be candid", level=2, authority="user"),
    )
    return a_prompt(session, deliberation, title="A novel", messages=NOVEL, section_id=section.id)
