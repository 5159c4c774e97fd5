"""A deliberation as somebody wrote it down, checked key by key before anything is stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from deliberation.deliberations import wording
from deliberation.deliberations.models import STOP_AFTER
from deliberation.deliberations.naming import checked_language, checked_slug
from deliberation.errors import DeliberationError, ImportRefused

KeyPath = tuple[str | int, ...]


def _text(limit: wording.Limit) -> AfterValidator:
    return AfterValidator(lambda text: wording.tidy(text, limit))


def _checked_by(check: Callable[[str], str]) -> AfterValidator:
    def checked(text: str) -> str:
        try:
            return check(text)
        except DeliberationError as error:
            raise ValueError(str(error)) from None

    return AfterValidator(checked)


Key = Annotated[str, _text(wording.KEY)]
SectionKey = Annotated[str, _text(wording.Limit(1, 255, is_line=True))]
Message = Annotated[str, _text(wording.MESSAGE)]
Language = Annotated[str, _checked_by(checked_language)]
# An example's title is as long as the spec's author made it.
Reference = Annotated[str, _text(wording.Limit(1, 1000, is_line=True))]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MessageDefinition(_Part):
    """One turn of a conversation that was typed in."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: Message


class ResponseDefinition(_Part):
    """A candidate response."""

    id: Key
    text: Message


class StatementDefinition(_Part):
    """A proposed default behaviour; without an id it gets a number."""

    id: Key | None = None
    text: Annotated[str, _text(wording.STATEMENT)]
    response: Key | None = None
    section: SectionKey | None = None
    language: Language | None = None


class PromptDefinition(_Part):
    """A sample prompt: its conversation typed in, or an example or an evaluation prompt of the spec."""

    id: Key | None = None
    title: Annotated[str, _text(wording.PROMPT_TITLE)] | None = None
    section: SectionKey | None = None
    messages: list[MessageDefinition] | None = Field(None, min_length=1, max_length=100)
    example: Reference | None = None
    evaluation: Reference | None = None
    responses: list[ResponseDefinition] = Field([], max_length=26)
    statements: list[StatementDefinition] = Field([], max_length=1000)

    @model_validator(mode="after")
    def _fits_together(self) -> "PromptDefinition":
        if sum(source is not None for source in (self.messages, self.example, self.evaluation)) != 1:
            raise ValueError("exactly one of messages, example and evaluation is needed")
        ids = [response.id for response in self.responses]
        _refuse_twice(((("responses", at, "id"), each) for at, each in enumerate(ids)), "response")
        for at, statement in enumerate(self.statements):
            if statement.response is not None and statement.response not in ids:
                raise _fault(("statements", at, "response"), f"there is no response '{statement.response}'")
        return self


@dataclass(frozen=True)
class Where:
    """The file that a definition was read from, and the line of each key and entry in it."""

    file: str | None = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def refusal(self, path: KeyPath, message: str, hint: str | None = None) -> ImportRefused:
        """The error to raise for what stands at this path."""
        known = next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)
        told = f"{written(path)}: {message}" if path else message
        return ImportRefused(told, file=self.file, line=known, hint=hint)


class Definition(_Part):
    """A deliberation: what it asks, about which sections of which release, with which prompts and statements."""

    title: Annotated[str, _text(wording.TITLE)]
    slug: Annotated[str, _checked_by(checked_slug)] | None = None
    description: Annotated[str, _text(wording.DESCRIPTION)] = ""
    language: Language = "en"
    spec: Reference | None = None
    sections: list[SectionKey] = Field([], max_length=1000)
    prompts: list[PromptDefinition] = Field([], max_length=500)
    stop_after: int = Field(STOP_AFTER, ge=1, le=1000)

    _where: Where = PrivateAttr(default_factory=Where)

    @property
    def where(self) -> Where:
        return self._where

    @model_validator(mode="after")
    def _fits_together(self) -> "Definition":
        _refuse_twice(((("sections", at), key) for at, key in enumerate(self.sections)), "section")
        prompts = [(("prompts", at), prompt) for at, prompt in enumerate(self.prompts)]
        _refuse_twice((((*path, "id"), prompt.id) for path, prompt in prompts), "prompt")
        statements = (
            ((*path, "statements", at, "id"), statement.id)
            for path, prompt in prompts
            for at, statement in enumerate(prompt.statements)
        )
        _refuse_twice(statements, "statement")
        return self

    def found_in(self, where: Where) -> "Definition":
        """The same, knowing where it was read."""
        self._where = where
        return self


def written(path: KeyPath) -> str:
    """A path as people write it: prompts[2].statements[0].text."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _refuse_twice(ids: Iterable[tuple[KeyPath, str | None]], what: str) -> None:
    """Raise ValidationError at the path of the first id that was there before; those left out are no ids."""
    seen: set[str] = set()
    for path, each in ids:
        if each in seen:
            raise _fault(path, f"there are two {what}s '{each}'")
        if each is not None:
            seen.add(each)


def _fault(path: KeyPath, message: str) -> ValidationError:
    """What a model's own check found wrong inside of it, told at the path where it stands."""
    kind = PydanticCustomError("does_not_fit", "{told}", {"told": message})
    return ValidationError.from_exception_data("", [InitErrorDetails(type=kind, loc=path, input=None)])
