"""The copies of other people's browser files are the ones that package.json pins, untouched."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
HTMX = ROOT / "deliberation" / "static" / "vendor" / "htmx"


def test_vendored_files_have_the_checksums_written_beside_them() -> None:
    listed = dict(reversed(line.split()) for line in (HTMX / "SHA256SUMS").read_text().splitlines())

    found = {name: hashlib.sha256((HTMX / name).read_bytes()).hexdigest() for name in listed}

    assert found == listed


def test_nothing_vendored_lacks_a_checksum() -> None:
    listed = {line.split()[1] for line in (HTMX / "SHA256SUMS").read_text().splitlines()}

    beside = {path.name for path in HTMX.iterdir()} - {"SHA256SUMS"}

    assert beside == listed


def test_the_vendored_htmx_is_the_version_that_package_json_pins() -> None:
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]["htmx.org"]

    script = (HTMX / "htmx.min.js").read_text(encoding="utf-8")

    assert f'"{pinned}"' in script
