"""flask demo: a running service with sample content."""

from deliberation.web import console


@console.command("demo")
def demo() -> None:
    """Fill the database with sample content and serve it."""
