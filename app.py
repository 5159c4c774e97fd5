"""The application that `flask` finds in a checkout."""

from deliberation.factory import start

app = start()
