"""The tree of errors: what is wrong, where, and what to do. Doors turn them into lines, pages or JSON."""


class DeliberationError(Exception):
    """Anything that a user of the service can be told about."""

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        where = "".join(f"{part}:" for part in (self.file, self.line) if part is not None)
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where} {self.message}{hint}".strip()


class SettingsError(DeliberationError):
    """A setting that cannot be used."""


class SpecError(DeliberationError):
    """A Model Spec that cannot be read."""


class ImportRefused(DeliberationError):  # noqa: N818 - a refusal is what the user is told
    """A file or folder that cannot be taken in; nothing of it was stored."""


class NotFound(DeliberationError):  # noqa: N818
    """Something that was named does not exist."""


class Conflict(DeliberationError):  # noqa: N818
    """The thing exists, but its state does not allow what was asked."""


class NotAllowed(DeliberationError):  # noqa: N818
    """The person may not do this."""
