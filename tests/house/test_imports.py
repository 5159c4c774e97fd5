"""Who may know whom: the contracts of pyproject.toml hold, and the web stays light."""

import subprocess
import sys

from importlinter.cli import lint_imports


def test_the_directions_of_import_hold() -> None:
    assert lint_imports(no_cache=True) == 0


def test_the_web_loads_no_heavy_library() -> None:
    code = "import sys, deliberation.factory; print([m for m in ('sklearn', 'scipy') if m in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


def test_the_name_of_the_htmx_library_is_the_right_one_of_two() -> None:
    import htmx_flask

    assert htmx_flask.VERSION.startswith("0.1")
