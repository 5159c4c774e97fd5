"""Style and script stay small, and agree with themselves and with the icons."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "deliberation" / "static"
STYLES = (STATIC / "app.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "kilobytes"), [("app.css", 8), ("app.js", 3)])
def test_a_static_file_stays_within_its_budget(name: str, kilobytes: int) -> None:
    packed = gzip.compress((STATIC / name).read_bytes(), 9)

    assert len(packed) <= kilobytes * 1000


def test_browsers_without_light_dark_get_the_light_colours() -> None:
    fallback, both = STYLES.split("@supports (color:light-dark", 1)
    light = dict(re.findall(r"--([\w-]+):light-dark\((#\w+),", both))

    declared = dict(re.findall(r"--([\w-]+):(#\w+)", fallback))

    assert light
    assert {name: declared.get(name) for name in light} == light


def test_every_colour_that_is_used_is_declared() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", STYLES))

    declared = set(re.findall(r"--([\w-]+):", STYLES))

    assert used <= declared


def test_every_icon_that_a_template_names_is_in_the_sheet() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"""(?:\bicon\(|icon_name=)["'](\w+)["']""", templates))

    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))

    assert named <= drawn


def test_every_group_has_a_shape_in_text_and_in_charts() -> None:
    sheet = (STATIC / "icons.svg").read_text(encoding="utf-8")
    charts = (ROOT / "templates" / "components" / "bar.html").read_text(encoding="utf-8")

    without = [letter for letter in "ABCDEFGH" if f'"mark-{letter}"' not in sheet or f'"m{letter}"' not in charts]

    assert without == []
