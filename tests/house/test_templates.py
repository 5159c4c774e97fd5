"""What no template may hold: inline code or styles, and htmx features that need eval."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=\s*[\"']|<style\b"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']"),
    "hx-on": re.compile(r"\bhx-on\b"),
    "a trigger filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\["),
    "js: values": re.compile(r"hx-vals\s*=\s*[\"']js:"),
    "a foreign address": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//"),
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_template_holds(kind: str) -> None:
    found = [
        f"{template.relative_to(TEMPLATES)}:{number}"
        for template in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN[kind].search(line)
    ]

    assert found == []
