"""The series of texts that amendments make of a release, one after the other, and the proof that nothing breaks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.amendments.models import Amendment
from deliberation.errors import Conflict, DeliberationError
from deliberation.spec.text.document import Document, Section
from deliberation.spec.text.edits import Edit, apply
from deliberation.spec.text.parsing import parse
from deliberation.spec.text.references import broken_references, lost_footnotes


@dataclass(frozen=True)
class Step:
    """One amendment of a series: the text before it and after it."""

    number: int
    amendment: Amendment
    before: str
    after: str


def edit_of(amendment: Amendment) -> Edit:
    """The wording that stands, as an edit of the release's text."""
    revision = amendment.revisions[-1]
    return Edit(amendment.section.key, revision.start, revision.end, revision.old, revision.new)


def series(document: Document, amendments: Sequence[Amendment]) -> list[Step]:
    """Each amendment applied on those before it.

    Raises Conflict, naming the first amendment with which the document would no longer hold together.
    """
    edits = [edit_of(amendment) for amendment in amendments]
    texts = [document.text]
    for number, amendment in enumerate(amendments, start=1):
        try:
            texts.append(apply(document.text, edits[:number]))
        except DeliberationError as error:
            raise _refusal(amendment, str(error)) from error
    steps = [
        Step(number, amendment, before, after)
        for number, (amendment, before, after) in enumerate(zip(amendments, texts, texts[1:], strict=False), start=1)
    ]
    _refuse_broken(document, steps)
    return steps


def problems(before: Document, text: str) -> list[str]:
    """What an amended text broke: headings, ids, authorities, references or footnotes. Empty where all still holds."""
    try:
        after = parse(text, before.name)
    except DeliberationError as error:
        return [str(error)]
    found = [] if _outline(before) == _outline(after) else ["the sections are not those of the release"]
    known = Counter(reference.target for reference in broken_references(before))
    dangling = Counter(reference.target for reference in broken_references(after)) - known
    found += [f"a reference to '{target}', which is no section" for target in sorted(dangling)]
    found += [f"the footnote [^{footnote.mark}] is gone" for footnote in lost_footnotes(before, after)]
    return found


def _refuse_broken(document: Document, steps: Sequence[Step]) -> None:
    # One look at the end is enough where all is well; the long way is taken only to name the culprit.
    if not steps or not problems(document, steps[-1].after):
        return
    for step in steps:
        if found := problems(document, step.after):
            raise _refusal(step.amendment, "; ".join(found))


def _refusal(amendment: Amendment, problem: str) -> Conflict:
    message = f"amendment {amendment.id} (section '{amendment.section.key}') would break the spec: {problem}"
    return Conflict(message, hint="nothing was exported; edit that amendment first")


def _outline(document: Document) -> list[tuple[object, ...]]:
    return [_heading(section) for section in document.sections]


def _heading(section: Section) -> tuple[object, ...]:
    return (section.id, section.title, section.level, section.authority, section.tags, section.parent)
