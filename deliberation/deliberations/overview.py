"""A deliberation as its maintainers see it: prompts with their statements, and where each statement belongs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from deliberation.deliberations.models import Deliberation, Prompt, Statement
from deliberation.spec.models import Section

STATEMENT_COLUMNS = ("statement", "text", "language", "moderation", "prompt", "response", "section", "placed")


@dataclass(frozen=True)
class StatementRow:
    """A statement, and the section it concerns: chosen by hand, else its prompt's, else none yet."""

    statement: Statement
    section: Section | None
    placed: str | None  # "by hand", "prompt", or none


@dataclass(frozen=True)
class PromptRow:
    """A prompt with what was written about it; none for statements without a prompt."""

    prompt: Prompt | None
    statements: list[StatementRow]


def prompt_rows(session: Session, deliberation: Deliberation) -> list[PromptRow]:
    """All prompts in their order, and behind them the statements that have none, where there are such."""
    prompts = session.scalars(
        select(Prompt)
        .where(Prompt.deliberation_id == deliberation.id)
        .order_by(Prompt.position)
        .options(joinedload(Prompt.section), selectinload(Prompt.responses))
    ).all()
    statements = session.scalars(
        select(Statement)
        .where(Statement.deliberation_id == deliberation.id)
        .order_by(Statement.position)
        .options(joinedload(Statement.section), joinedload(Statement.response))
    ).all()
    by_prompt: dict[int | None, list[Statement]] = {}
    for statement in statements:
        by_prompt.setdefault(statement.prompt_id, []).append(statement)
    rows = [PromptRow(prompt, _rows(by_prompt.get(prompt.id, ()), prompt)) for prompt in prompts]
    return [*rows, PromptRow(None, _rows(by_prompt[None], None))] if None in by_prompt else rows


def statement_table(session: Session, deliberation: Deliberation) -> list[tuple[str | None, ...]]:
    """All statements, as the values of STATEMENT_COLUMNS."""
    return [
        (
            row.statement.key,
            row.statement.text,
            row.statement.language or deliberation.language,
            row.statement.moderation,
            each.prompt.title if each.prompt else None,
            row.statement.response.key if row.statement.response else None,
            row.section.key if row.section else None,
            row.placed,
        )
        for each in prompt_rows(session, deliberation)
        for row in each.statements
    ]


def _rows(statements: Iterable[Statement], prompt: Prompt | None) -> list[StatementRow]:
    return [_row(statement, prompt.section if prompt else None) for statement in statements]


def _row(statement: Statement, from_prompt: Section | None) -> StatementRow:
    if statement.section is not None:
        return StatementRow(statement, statement.section, "by hand")
    return StatementRow(statement, from_prompt, "prompt" if from_prompt else None)
