"""Commands of this room."""

from deliberation.web import console

cli = console.Group("deliberation", help="...")
statements_cli = console.Group("statements", help="...")
