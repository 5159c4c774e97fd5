"""A real git repository to apply patches in."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Repository:
    """A repository that holds one file, `model_spec.md`."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """What git answers; fails with what git says."""
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def log(self, form: str) -> list[str]:
        """Of each commit but the first, the oldest first."""
        return [
            entry.strip("\n")
            for entry in self.git("log", "--reverse", f"--format={form}%x00", "HEAD~0").split("\0")[1:-1]
        ]

    @property
    def spec(self) -> bytes:
        return (self.folder / "model_spec.md").read_bytes()


def a_repository(folder: Path, spec: bytes) -> Repository:
    """A repository whose first commit is the spec, untouched by any setting of this machine."""
    folder.mkdir(parents=True)
    repository = Repository(folder)
    repository.git("init", "-q")
    for name, value in {"user.name": "Ada", "user.email": "ada@example.org", "core.autocrlf": "false"}.items():
        repository.git("config", name, value)
    (folder / "model_spec.md").write_bytes(spec)
    repository.git("add", "model_spec.md")
    repository.git("commit", "-q", "-m", "The release")
    return repository
