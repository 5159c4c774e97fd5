"""From statement to edit. No word is invented: a rule is a statement's own wording, an example is what was put to the
public, its responses judged as the public judged them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.moments import Direction
from deliberation.amendments.models import Kind
from deliberation.deliberations.models import Prompt, Response, Statement
from deliberation.errors import Conflict
from deliberation.spec.text.document import Document, Message
from deliberation.spec.text.edits import Edit, add_example, add_rule


@dataclass(frozen=True)
class Judged:
    """A statement and the direction in which the public agrees on it."""

    statement: Statement
    direction: Direction


def kind_of(judged: Judged) -> Kind | None:
    """What a statement can become: an example where it is about a candidate response, a rule where it is agreed to.

    None where it is rejected and no response was put to the public: its negation would be an invention.
    """
    if judged.statement.response is not None:
        return Kind.EXAMPLE
    return Kind.RULE if judged.direction == "agree" else None


def draft_rule(document: Document, section_key: str, statement: Statement) -> Edit:
    """The statement itself, added to the section. Its wording is to be edited by the maintainers."""
    return add_rule(document, section_key, statement.text)


def draft_example(document: Document, section_key: str, judged: Sequence[Judged]) -> Edit:
    """The prompt of these statements, the responses that the public wants as GOOD and those that it rejects as BAD.

    Raises Conflict where one response is wanted and rejected at once, SpecError where the prompt cannot be written.
    """
    good = _responses(judged, "agree")
    bad = _responses(judged, "disagree")
    if {response.id for response in good} & {response.id for response in bad}:
        raise Conflict("one response is both agreed to and rejected")
    prompt = good[0].prompt if good else bad[0].prompt
    return add_example(
        document,
        section_key,
        prompt.title,
        _messages(prompt),
        good=[(response.text, None) for response in good],
        bad=[(response.text, None) for response in bad],
    )


def _responses(judged: Sequence[Judged], direction: Direction) -> list[Response]:
    """Each once, in the prompt's order."""
    chosen = {
        each.statement.response.id: each.statement.response
        for each in judged
        if each.direction == direction and each.statement.response is not None
    }
    return sorted(chosen.values(), key=lambda response: (response.position, response.id))


def _messages(prompt: Prompt) -> list[Message]:
    return [_message(message) for message in prompt.messages]


def _message(message: dict[str, Any]) -> Message:
    return Message(message["role"], message["content"], tuple((message.get("attributes") or {}).items()))
