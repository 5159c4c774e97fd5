"""An export as a folder: all files or none, and nothing of anybody else's overwritten."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deliberation.amendments.export.record import SCHEMA
from deliberation.errors import Conflict


def write(folder: Path, files: Mapping[str, bytes], record: str) -> list[Path]:
    """Write an export; one that lies there already is replaced, its patches that are no longer in the series included.

    All files are written beside their places first and moved there at the end, `record` (the file that lists them)
    last. Raises Conflict, with nothing written, where a file of that name is there that no earlier export lists.
    """
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _earlier(folder / record)
    strange = [name for name in files if name not in earlier and (folder / name).exists()]
    if strange:
        raise Conflict(
            "a file of this name lies there and is not from an earlier export",
            file=str(folder / strange[0]),
            hint="choose another folder, or move it away",
        )
    with tempfile.TemporaryDirectory(dir=folder, prefix=".amendments-") as beside:
        for name, data in files.items():
            (Path(beside) / name).write_bytes(data)
        for name in sorted(files, key=lambda name: name == record):
            shutil.move(Path(beside) / name, folder / name)
    for name in earlier - set(files):
        (folder / name).unlink(missing_ok=True)
    return [folder / name for name in files]


def _earlier(record: Path) -> set[str]:
    """The files of the export that lies there; none where there is none."""
    try:
        written = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return set()
    if not isinstance(written, dict) or written.get("schema") != SCHEMA:
        return set()
    # A name with a path in it is none of ours.
    return {name for name in written.get("files", []) if isinstance(name, str) and Path(name).name == name}
