"""How commands speak: answers as JSON to standard output, messages to standard error, errors as one line."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.errors import DeliberationError

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose known errors end it with one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
            return
        except DeliberationError as error:
            click.echo(str(error), err=True)
        except (OperationalError, ProgrammingError) as error:
            click.echo(f"the database does not answer as expected: {error.orig}; try: flask db upgrade", err=True)
        except OSError as error:
            click.echo(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), err=True)
        ctx.exit(1)


class Group(AppGroup):
    """A group of such commands, each run within the application."""

    def command(self, *args: Any, **kwargs: Any) -> Any:
        return super().command(*args, **({"cls": Command} | kwargs))


def command(name: str) -> Callable[[Callable[..., Any]], Command]:
    """A command outside any group, run within the application."""

    def wrap(function: Callable[..., Any]) -> Command:
        made: Command = click.command(name, cls=Command)(with_appcontext(function))
        return made

    return wrap


def json_option(function: Function) -> Function:
    """`--json`: exactly one JSON object to standard output."""
    return click.option("as_json", "--json", is_flag=True, help="Print the answer as one JSON object.")(function)


def say(message: str) -> None:
    """A message for whoever watches."""
    click.echo(message, err=True)


def counted(number: int, thing: str) -> str:
    """A number of things, in English: "1 section", "2 sections"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def answer(value: dict[str, Any], as_json: bool, summary: str) -> None:
    """The command's answer: JSON where it was asked for, else a line."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        say(summary)
