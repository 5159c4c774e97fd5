"""A setting that cannot be used is one line, from both commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", ["flask", "collective-alignment"])
def test_a_setting_that_cannot_be_used_is_one_line(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = os.environ | {"DELIBERATION_INSTANCE": str(tmp_path / "file" / "instance")}

    ended = subprocess.run(
        [Path(sys.executable).parent / command, "config", "show"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "DELIBERATION_INSTANCE" in ended.stderr
