"""Somebody at the pages about their own data."""

import re

from flask import Flask
from werkzeug.test import TestResponse

from tests.voting.voters import Voter


class Person(Voter):
    """One browser, which also goes to the pages about devices."""

    def __init__(self, app: Flask, slug: str):
        super().__init__(app, slug)
        self.home = f"/d/{slug}"

    def press(self, path: str, **fields: str) -> TestResponse:
        """Send a form of these pages."""
        return self.client.post(f"{self.home}/{path}", data={"csrf_token": self.token()} | fields)

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]*)"', self.client.get(f"{self.home}/device/join").text)
        assert found
        return found[1]

    def words(self) -> str:
        """Ask for six words."""
        found = re.search(r'<p class="finding-text words"[^>]*>([^<]*)</p>', self.press("device/words").text)
        assert found
        return found[1]

    def come_in(self, words: str) -> TestResponse:
        return self.press("device/join", words=words)

    def cookie(self) -> str:
        cookie = self.client.get_cookie("device")
        assert cookie
        return cookie.value
