"""A live server and a real browser: `site` serves the test's own application, `visitor` opens its pages and watches."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from waitress.server import create_server

ARTEFACTS = Path(__file__).parent.parent.parent / "test-artefacts"

# A container has no sandbox to give, and nothing but the page under test may ask the network for anything.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_BROWSERS = (
    "chromium",
    "google-chrome",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's or the user's own browser: Playwright's download is not used."""
    wanted = (os.environ.get("DELIBERATION_CHROMIUM"), *_BROWSERS)
    found = next(filter(None, (shutil.which(name) for name in wanted if name)), None)
    if found is None:
        reason = "no Chromium: apt-get install chromium fonts-noto-cjk, or set DELIBERATION_CHROMIUM"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return browser_type_launch_args | {"executable_path": found, "args": _FLAGS}


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a server that answers with the test's own application."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@dataclass
class Visitor:
    """A browser window on the site, with all that went wrong in it."""

    page: Page
    site: str
    wrongs: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    loads: int = 0  # of whole documents

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def picture(self, name: str, *, full_page: bool = False) -> None:
        """Keep a picture to be looked at."""
        ARTEFACTS.mkdir(exist_ok=True)
        # With the caret as it is: Playwright hides it by an inline style, which our policy forbids.
        self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=full_page, caret="initial")


class Visitors:
    """Opens windows, each with cookies of its own."""

    def __init__(self, browser: Browser, site: str):
        self._browser = browser
        self._site = site
        self._contexts: list[BrowserContext] = []
        self.opened: list[Visitor] = []

    def __call__(self, *, width: int = 390, height: int = 844, **options: Any) -> Visitor:
        """A window. Below 768 px it is a phone, with touch."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=width < 768,
            is_mobile=width < 768,
            **{"locale": "en-GB", "color_scheme": "light"} | options,
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        visitor = Visitor(context.new_page(), self._site)
        _watch(visitor)
        self.opened.append(visitor)
        return visitor

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def _watch(visitor: Visitor) -> None:
    """Take down what goes wrong: errors on the console, breaches of the policy among them, and foreign requests."""

    def on_console(message: ConsoleMessage) -> None:
        # A refused form is told to the user on the page; the browser adds a line of its own for the status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            visitor.wrongs.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((visitor.site, "data:")):
            visitor.wrongs.append(f"foreign request: {request.url}")
        if request.method == "POST":
            visitor.posts.append(request.url)
        if request.resource_type == "document":
            visitor.loads += 1

    visitor.page.on("console", on_console)
    visitor.page.on("pageerror", lambda error: visitor.wrongs.append(f"script: {error}"))
    visitor.page.on("request", on_request)


@pytest.fixture
def visitors(browser: Browser, site: str) -> Iterator[Visitors]:
    """Windows on the site; at the end nothing may have gone wrong in any of them."""
    visitors = Visitors(browser, site)
    yield visitors
    wrongs = [wrong for visitor in visitors.opened for wrong in visitor.wrongs]
    visitors.close()
    assert wrongs == []


@pytest.fixture
def visitor(visitors: Visitors) -> Visitor:
    """One window, the size of a phone."""
    return visitors()
