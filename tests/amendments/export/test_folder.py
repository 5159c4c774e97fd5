"""An export on disk."""

import json

import pytest

from deliberation.amendments.export.folder import write
from deliberation.errors import Conflict

RECORD = "amendments.json"


def files(*names):
    listed = [*names, RECORD]
    return {name: name.encode() for name in names} | {
        RECORD: json.dumps({"schema": "amendments/1", "files": listed}).encode()
    }


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_files_are_written_to_a_folder_made_for_them(tmp_path):
    write(tmp_path / "new" / "folder", files("0001-a.patch", "amendments.md"), RECORD)

    assert names(tmp_path / "new" / "folder") == ["0001-a.patch", RECORD, "amendments.md"]


def test_an_earlier_export_is_replaced_whole(tmp_path):
    write(tmp_path, files("0001-a.patch", "0002-b.patch"), RECORD)

    write(tmp_path, files("0001-a.patch"), RECORD)

    assert names(tmp_path) == ["0001-a.patch", RECORD]


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    write(tmp_path, files("0001-a.patch"), RECORD)
    write(tmp_path, files(), RECORD)

    assert names(tmp_path) == [RECORD, "notes.txt"]


def test_a_file_that_is_not_from_an_export_is_never_overwritten(tmp_path):
    (tmp_path / "amendments.md").write_text("my notes")

    with pytest.raises(Conflict, match="not from an earlier export"):
        write(tmp_path, files("0001-a.patch", "amendments.md"), RECORD)

    assert names(tmp_path) == ["amendments.md"]
    assert (tmp_path / "amendments.md").read_text() == "my notes"


def test_a_forged_record_removes_nothing_outside(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "precious").write_text("mine")
    record = {"schema": "amendments/1", "files": ["../precious", RECORD]}
    (folder / RECORD).write_text(json.dumps(record))

    write(folder, files(), RECORD)

    assert (tmp_path / "precious").read_text() == "mine"
