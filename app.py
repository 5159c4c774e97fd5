"""The application that `flask` finds in a checkout."""

from deliberation.factory import create_app

app = create_app()
