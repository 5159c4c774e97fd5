"""Prompts are added to a deliberation, with their candidate responses and the statements about them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberation.deliberations.definition import KeyPath, PromptDefinition, Where
from deliberation.deliberations.models import Deliberation, Prompt, Response, Statement
from deliberation.deliberations.sources import SamplePrompt, evaluation_prompt, example_titled, said_in
from deliberation.errors import NotFound
from deliberation.spec.models import Release, Section
from deliberation.spec.reading import section_keyed

_LONGEST_TITLE = 80  # characters, where it is taken from the conversation


def add_prompt(
    session: Session, deliberation: Deliberation, definition: PromptDefinition, where: Where, path: KeyPath
) -> Prompt:
    """Add a prompt behind the others. `path` is where `where` has it.

    Raises ImportRefused naming the key where a section or sample prompt is not there, or a statement's id is taken.
    """
    sample = _sample(deliberation.release, definition, where, path)
    section_key = definition.section or sample.section
    section_path = (*path, "section")
    prompt = Prompt(
        deliberation=deliberation,
        position=_next_position(session, Prompt, deliberation),
        title=definition.title or sample.title,
        messages=sample.messages,
        source=sample.source or None,
        section=section_named(session, deliberation.release, section_key, where, section_path) if section_key else None,
        responses=[
            Response(key=response.id, position=position, text=response.text)
            for position, response in enumerate(definition.responses)
        ],
    )
    session.add(prompt)
    session.flush()
    _add_statements(session, prompt, definition, where, path)
    return prompt


def section_named(session: Session, release: Release | None, key: str, where: Where, path: KeyPath) -> Section:
    """The section of the release with this id. Raises ImportRefused naming the key."""
    if release is None:
        raise where.refusal(path, f"there is no section '{key}' without a release", "name its label with `spec:`")
    try:
        return section_keyed(session, release, key)
    except NotFound as error:
        raise where.refusal(path, error.message) from None


def _sample(release: Release | None, definition: PromptDefinition, where: Where, path: KeyPath) -> SamplePrompt:
    if definition.messages is not None:
        messages = [each.model_dump() | {"attributes": {}} for each in definition.messages]
        return SamplePrompt("", _title_of(messages), messages, None)
    key, reference = ("example", definition.example) if definition.example else ("evaluation", definition.evaluation)
    if release is None:
        raise where.refusal((*path, key), "there are no prompts without a release", "name its label with `spec:`")
    find = example_titled if key == "example" else evaluation_prompt
    try:
        sample = find(release, str(reference))
    except NotFound as error:
        raise where.refusal((*path, key), error.message, error.hint) from None
    if not sample.messages:
        raise where.refusal((*path, key), f"'{reference}' has no message before its responses")
    return sample


def _title_of(messages: list[dict[str, Any]]) -> str:
    """The beginning of what was asked last."""
    words = said_in(SamplePrompt("", "", messages, None))
    return words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rstrip() + "…"


def _add_statements(
    session: Session, prompt: Prompt, definition: PromptDefinition, where: Where, path: KeyPath
) -> None:
    deliberation = prompt.deliberation
    release = deliberation.release
    taken = set(session.scalars(select(Statement.key).where(Statement.deliberation_id == deliberation.id)))
    free = _free_numbers(taken | {each.id for each in definition.statements if each.id})
    responses = {response.key: response for response in prompt.responses}
    position = _next_position(session, Statement, deliberation)
    for at, each in enumerate(definition.statements):
        here = (*path, "statements", at)
        if each.id in taken:
            raise where.refusal((*here, "id"), f"there is a statement '{each.id}' already")
        section = section_named(session, release, each.section, where, (*here, "section")) if each.section else None
        session.add(
            Statement(
                deliberation=deliberation,
                key=each.id or next(free),
                position=position + at,
                text=each.text,
                language=each.language,
                prompt=prompt,
                response=responses[each.response] if each.response else None,
                section=section,
            )
        )
    session.flush()


def _free_numbers(taken: set[str]) -> Iterator[str]:
    number = max((int(key) for key in taken if key.isdecimal()), default=0)
    while True:
        number += 1
        yield str(number)


def _next_position(session: Session, model: type[Prompt] | type[Statement], deliberation: Deliberation) -> int:
    last = session.scalar(select(func.max(model.position)).where(model.deliberation_id == deliberation.id))
    return 1 if last is None else last + 1
