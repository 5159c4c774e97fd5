"""Take in a release of a Model Spec: the file byte for byte, its sections, and the evaluation prompts beside it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberation.errors import Conflict, ImportRefused
from deliberation.spec.models import EvaluationPrompt, Release, Section
from deliberation.spec.text.document import Document
from deliberation.spec.text.document import EvaluationPrompt as PromptInFile
from deliberation.spec.text.parsing import MAX_BYTES, decode, parse, read_evaluation_prompts


@dataclass(frozen=True)
class SpecFile:
    """A spec as it was found on disk, read and checked."""

    name: str
    data: bytes
    document: Document
    evaluation_prompts: list[PromptInFile]


def read_spec(path: Path) -> SpecFile:
    """Read a spec file, or `model_spec.md` in a folder, with `examples/` beside it.

    Raises SpecError naming file, line and reason, ImportRefused where there is no such file.
    """
    file = path / "model_spec.md" if path.is_dir() else path
    if not file.is_file():
        raise ImportRefused("there is no such file", file=str(file), hint="the path of a Markdown file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)  # one more than allowed is enough to know that it is too large
    text = decode(data, str(file))
    document = parse(text, str(file))
    folder = file.parent / "examples"
    prompts = read_evaluation_prompts(folder) if folder.is_dir() else []
    return SpecFile(file.name, data, document, prompts)


def store_release(session: Session, spec: SpecFile, label: str) -> Release:
    """Store a spec under a label. Raises Conflict where the label is taken."""
    label = label.strip()
    if not label or len(label) > 80 or "/" in label or not label.isprintable():
        raise ImportRefused(f"'{label}' cannot be a label", hint="up to 80 printable characters without /")
    if session.scalar(select(Release.id).where(Release.label == label)) is not None:
        raise Conflict(f"a release labelled '{label}' is stored already; a release never changes")
    release = Release(
        label=label,
        file_name=spec.name,
        data=spec.data,
        sha256=hashlib.sha256(spec.data).hexdigest(),
        sections=[
            Section(
                key=section.id,
                position=position,
                title=section.title,
                level=section.level,
                authority=section.authority.value if section.authority else None,
            )
            for position, section in enumerate(spec.document.sections)
        ],
        evaluation_prompts=_numbered(spec.evaluation_prompts),
    )
    session.add(release)
    session.flush()
    return release


def import_release(session: Session, path: Path, label: str) -> Release:
    """Read and store in one go; nothing is stored where anything is wrong."""
    return store_release(session, read_spec(path), label)


def _numbered(prompts: list[PromptInFile]) -> list[EvaluationPrompt]:
    numbers: dict[str, int] = {}
    rows = []
    for prompt in prompts:
        numbers[prompt.focus] = numbers.get(prompt.focus, 0) + 1
        messages = [
            {"role": message.role, "content": message.content, "attributes": dict(message.attributes)}
            for message in prompt.messages
        ]
        rows.append(
            EvaluationPrompt(focus=prompt.focus, number=numbers[prompt.focus], title=prompt.title, messages=messages)
        )
    return rows
