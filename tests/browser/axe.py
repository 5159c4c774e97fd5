"""What automated accessibility checks find on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    """A line for each violation: the rule and the first element that breaks it."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in results.response["violations"]]
