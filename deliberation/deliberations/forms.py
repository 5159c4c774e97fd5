"""The workbench's forms about deliberations. What is typed in is checked by the rules of the definition."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import ValidationError
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput

from deliberation.deliberations.definition import KeyPath
from deliberation.deliberations.models import STOP_AFTER

ROLES = [
    SelectChoice("user", _l("User")),
    SelectChoice("assistant", _l("Assistant")),
    SelectChoice("developer", _l("Developer")),
    SelectChoice("system", _l("System")),
    SelectChoice("tool", _l("Tool")),
]


class DeliberationForm(FlaskForm):
    """What makes a deliberation; the release was chosen before, since its sections are offered here."""

    title = StringField(_l("Question"))
    description = TextAreaField(_l("What it is about"))
    slug = StringField(_l("Name in the address"))
    language = StringField(_l("Language"), default="en")
    stop_after = IntegerField(_l("Votes after which people are asked whether to go on"), default=STOP_AFTER)
    sections = SelectMultipleField(_l("Sections at stake"), choices=[], option_widget=CheckboxInput())
    spec = HiddenField()

    def values(self) -> dict[str, Any]:
        """What a definition is made from; a field left empty takes the definition's own value."""
        names = ("title", "description", "slug", "language", "stop_after", "spec")
        # A number as it was typed, so that the definition's rule says what is wrong with it.
        typed = {name: (self[name].raw_data or [""])[0] if name == "stop_after" else self[name].data for name in names}
        return {name: value for name, value in typed.items() if value} | {"sections": self.sections.data or []}

    def field_at(self, path: KeyPath) -> Field:
        """The field that gave the value at this path of the definition."""
        return self[path[0]] if path and path[0] in self else self.title


class PromptForm(FlaskForm):
    """A sample prompt with its statements. Made by `prompt_form`: role_1, content_1 …, response_1, claim_1 …"""

    find = StringField(_l("Search the spec's prompts"))
    source = SelectField(_l("A prompt of the spec"), choices=[], default="")
    title = StringField(_l("Title"))
    section = SelectField(_l("Section"), choices=[], default="")
    statements = TextAreaField(_l("Statements to vote on"))
    rows: int

    def values(self) -> dict[str, Any]:
        """What a definition of a prompt is made from; rows left empty are no rows."""
        found: dict[str, Any] = {name: self[name].data for name in ("title", "section") if self[name].data}
        kind, _, reference = (self.source.data or "").partition(": ")
        if kind in ("example", "evaluation"):
            found[kind] = reference
        messages = [
            {"role": self[f"role_{n}"].data, "content": self[f"content_{n}"].data} for n in self._used("content")
        ]
        if messages:
            found["messages"] = messages
        letters = dict(zip(self._used("response"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
        found["responses"] = [{"id": letter, "text": self[f"response_{n}"].data} for n, letter in letters.items()]
        claims = [{"text": self[f"claim_{n}"].data, "response": letters.get(n)} for n in self._used("claim")]
        found["statements"] = [{"text": line} for line in self._lines()] + claims
        return found

    def field_at(self, path: KeyPath) -> Field:
        """The field that gave the value at this path of the definition."""
        match path:
            case ("messages", int(at), *_):
                return self[f"content_{self._used('content')[at]}"]
            case ("responses", int(at), *_):
                return self[f"response_{self._used('response')[at]}"]
            case ("statements", int(at), *_) if at >= len(self._lines()):
                return self[f"claim_{self._used('claim')[at - len(self._lines())]}"]
            case (str(name), *_) if name in self:
                return self[name]
        return self.source

    def turns(self) -> Iterator[tuple[Field, Field]]:
        """Role and content of each message."""
        return ((self[f"role_{n}"], self[f"content_{n}"]) for n in range(1, self.rows + 1))

    def answers(self) -> Iterator[tuple[Field, Field]]:
        """Each candidate response, and the statement that calls it a good default."""
        return ((self[f"response_{n}"], self[f"claim_{n}"]) for n in range(1, self.rows + 1))

    def has_messages(self) -> bool:
        """Whether a message was typed in."""
        return bool(self._used("content"))

    def has_responses(self) -> bool:
        """Whether a candidate response, or a statement about one, was typed in."""
        return bool(self._used("response") or self._used("claim"))

    def _used(self, name: str) -> list[int]:
        return [n for n in range(1, self.rows + 1) if (self[f"{name}_{n}"].data or "").strip()]

    def _lines(self) -> list[str]:
        return [line for line in (self.statements.data or "").splitlines() if line.strip()]


class PlacementForm(FlaskForm):
    statement = SelectField(_l("Statement"), choices=[])
    section = SelectField(_l("Section"), choices=[])


def prompt_form(rows: int) -> PromptForm:
    """A form with this many rows for messages and for candidate responses."""
    fields: dict[str, object] = {"rows": rows}
    for n in range(1, rows + 1):
        fields[f"role_{n}"] = SelectField(
            _l("Role of message %(n)s", n=n), choices=ROLES, default=ROLES[(n - 1) % 2].value
        )
        fields[f"content_{n}"] = TextAreaField(_l("Message %(n)s", n=n))
        fields[f"response_{n}"] = TextAreaField(_l("Candidate response %(n)s", n=n))
        fields[f"claim_{n}"] = StringField(_l("Statement that calls response %(n)s a good default", n=n))
    form: PromptForm = type("NumberedPromptForm", (PromptForm,), fields)()
    return form


def tell(form: DeliberationForm | PromptForm, error: ValidationError) -> None:
    """Write each fault of a definition at the field that it came from."""
    for fault in error.errors():
        path, message = fault["loc"], fault["msg"].removeprefix("Value error, ")
        field = form.field_at(path)
        if fault["type"] == "missing":
            message = _("Write something here.")
        elif field.name == "statements" and len(path) > 1:
            message = _("Line %(n)s: %(fault)s", n=int(path[1]) + 1, fault=message)
        field.errors = [*field.errors, message]


def lonely_claims(form: PromptForm) -> bool:
    """Whether a statement is about a response that was not written; told at its field."""
    lonely = [claim for response, claim in form.answers() if claim.data and not response.data]
    for claim in lonely:
        claim.errors = [*claim.errors, _("Write the response that it is about.")]
    return bool(lonely)
