"""`amendments.json`: the same as the report for programs, and the list of files that belong together."""

import json
from collections.abc import Sequence
from typing import Any

from deliberation.amendments.export.patch import Patch, subject
from deliberation.amendments.export.series import Step
from deliberation.amendments.models import Kind
from deliberation.amendments.suggesting import Suggested
from deliberation.deliberations.models import Deliberation
from deliberation.spec.models import Release

SCHEMA = "amendments/1"

Json = dict[str, Any]

_LISTS = ("questions", "rejected", "left_open", "below_bar", "unplaced")


def record(
    deliberation: Deliberation,
    release: Release,
    suggested: Suggested | None,
    amendments: Sequence[Json],
    files: Sequence[str],
) -> bytes:
    """The record of one export, with the evidence of every amendment and of everything that became none."""
    written = {
        "schema": SCHEMA,
        "deliberation": {"slug": deliberation.slug, "title": deliberation.title},
        "spec": {"label": release.label, "file": release.file_name, "sha256": release.sha256},
        "analysis": _analysis(suggested) if suggested else None,
        "amendments": list(amendments),
        **{name: getattr(suggested, name) if suggested else [] for name in _LISTS},
        "files": list(files),
    }
    return (json.dumps(written, ensure_ascii=False, indent=2) + "\n").encode()


def _analysis(suggested: Suggested) -> Json:
    return {"run": suggested.run, "method": suggested.method, "digest": suggested.digest}


def amendment_record(step: Step, patch: Patch) -> Json:
    """One amendment: where, what, in which state, and why."""
    amendment = step.amendment
    revision = amendment.revisions[-1]
    return {
        "id": amendment.id,
        "section": amendment.section.key,
        "section_title": amendment.section.title,
        "authority": amendment.section.authority,
        "kind": amendment.kind,
        "status": amendment.state,
        "statement": amendment.evidence[0].statement.key,
        "also": [evidence.statement.key for evidence in amendment.evidence[1:]],
        "placed": amendment.placed,
        "score": amendment.score,
        "file": patch.file,
        "subject": subject(amendment),
        "wording": "to be edited" if amendment.kind == Kind.RULE else "as put to the public",
        "revision": revision.number,
        "edit": {"start": revision.start, "end": revision.end, "old": revision.old, "new": revision.new},
        "evidence": [evidence.figures for evidence in amendment.evidence],
    }
