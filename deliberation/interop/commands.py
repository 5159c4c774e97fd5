"""Commands of this room."""

from deliberation.web import console

cli = console.Group("import", help="...")
