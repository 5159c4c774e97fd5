"""Commands of this room."""

from deliberation.web import console

cli = console.Group("spec", help="Releases of a Model Spec.")
