"""Amendments as a series of patches against the release: a file for each, and one mbox of all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.amendments.export import mail, wording
from deliberation.amendments.export.diff import diff
from deliberation.amendments.export.series import Step
from deliberation.amendments.figures import Figures
from deliberation.amendments.models import Amendment, Kind, State

# The name that the spec has in the repositories that take our patches.
SPEC_FILE = "model_spec.md"


@dataclass(frozen=True)
class Patch:
    """One amendment as a commit, and the name of its file."""

    file: str
    commit: mail.Commit


def patches(steps: Sequence[Step]) -> list[Patch]:
    """A patch for each step of a series, numbered in its order."""
    return [Patch(_file_name(step), _commit(step)) for step in steps]


def mbox(series: Sequence[Patch]) -> bytes:
    """The whole series for `git am`."""
    return mail.mbox([patch.commit for patch in series])


def subject(amendment: Amendment) -> str:
    """What a commit says first: the section, and the statement or the example's title; marked where it is a draft."""
    draft = "[draft] " if amendment.state == State.DRAFT else ""
    return mail.subject_line(f"{draft}{amendment.section.key}: {_headline(amendment)}")


def _headline(amendment: Amendment) -> str:
    lead = amendment.evidence[0].statement
    if amendment.kind == Kind.EXAMPLE and lead.response:
        return f"example: {lead.response.prompt.title}"
    return lead.text


def _file_name(step: Step) -> str:
    section = re.sub(r"[^\w-]+", "-", step.amendment.section.key).strip("-")[:80] or "section"
    return f"{step.number:04d}-{section}.patch"


def _commit(step: Step) -> mail.Commit:
    amendment = step.amendment
    trailers = {
        "Amendment-Id": str(amendment.id),
        "Spec-Base": amendment.release.sha256,
        "Section": amendment.section.key,
        "Authority": amendment.section.authority or "none",
        "Status": amendment.state,
    }
    return mail.Commit(
        subject=subject(amendment),
        body=_body(amendment),
        trailers=tuple(trailers.items()),
        at=amendment.revisions[-1].created_at,
        patch=diff(step.before, step.after, SPEC_FILE),
    )


def _body(amendment: Amendment) -> str:
    evidence = [Figures.model_validate(each.figures) for each in amendment.evidence]
    first = evidence[0]
    origin = f"{wording.placing(amendment)}\nVotes {first.digest},\nmethod {first.method}."
    return "\n\n".join([wording.provenance(amendment), *map(_statement, evidence), origin])


def _statement(figures: Figures) -> str:
    lines = "\n".join(wording.evidence_lines(figures))
    return f"{wording.judgement(figures)}:\n\n{mail.quoted(figures.text)}\n\n{lines}"
