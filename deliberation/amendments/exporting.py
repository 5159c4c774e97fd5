"""Export what was approved, and drafts where they are asked for: patches, an mbox, a report and a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberation.amendments.export.mail import patch_file
from deliberation.amendments.export.patch import mbox, patches
from deliberation.amendments.export.record import amendment_record, record
from deliberation.amendments.export.report import report
from deliberation.amendments.export.series import series
from deliberation.amendments.filing import standing
from deliberation.amendments.models import Amendment, State
from deliberation.amendments.suggesting import Suggested, latest_suggestion
from deliberation.deliberations.models import Deliberation
from deliberation.errors import Conflict
from deliberation.spec.reading import document_of

MBOX, REPORT, RECORD = "amendments.mbox", "amendments.md", "amendments.json"


@dataclass(frozen=True)
class Export:
    """The files of an export by name, and its amendments as JSON."""

    files: dict[str, bytes]
    amendments: list[dict[str, Any]]


def export(session: Session, deliberation: Deliberation, *, with_drafts: bool) -> Export:
    """Everything of a deliberation that can leave it. The same rows give the same bytes.

    Raises Conflict where the deliberation is about no release, and where an amendment would break the spec.
    """
    release = deliberation.release
    if release is None:
        raise Conflict(f"'{deliberation.slug}' is about no release of a spec", hint="there is nothing to amend")
    ready, waiting = _ready(standing(session, deliberation.id), with_drafts)
    steps = series(document_of(release), ready)
    made = patches(steps)
    suggested = _shown(latest_suggestion(session, deliberation), deliberation)
    files = {patch.file: patch_file(patch.commit) for patch in made}
    if made:
        files[MBOX] = mbox(made)
    files[REPORT] = report(deliberation, release, suggested, steps, made, held_back=len(waiting)).encode()
    amendments = [amendment_record(step, patch) for step, patch in zip(steps, made, strict=True)]
    files[RECORD] = record(deliberation, release, suggested, amendments, [*files, RECORD])
    return Export(files, amendments)


def _ready(amendments: Sequence[Amendment], with_drafts: bool) -> tuple[list[Amendment], list[Amendment]]:
    """Those to be exported, and the drafts that wait. A draft in the words of a declined statement is neither."""
    shown = [each for each in amendments if each.evidence[0].statement.is_votable or each.state == State.APPROVED]
    drafts = [each for each in shown if each.state == State.DRAFT]
    return (shown, []) if with_drafts else ([each for each in shown if each.state == State.APPROVED], drafts)


def _shown(suggested: Suggested | None, deliberation: Deliberation) -> Suggested | None:
    """Without statements that were declined since."""
    if suggested is None:
        return None
    votable = {statement.key for statement in deliberation.statements if statement.is_votable}
    lists = {
        name: [entry for entry in value if entry["statement"] in votable]
        for name, value in vars(suggested).items()
        if isinstance(value, list)
    }
    return Suggested(**(vars(suggested) | lists))
