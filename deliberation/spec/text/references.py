"""What must hold together in a document: references to sections that exist, and footnotes that nobody lost."""

from collections import Counter

from deliberation.spec.text.document import Document, Footnote, Reference


def broken_references(document: Document) -> list[Reference]:
    """References to sections that the document does not have, in order."""
    return [reference for reference in document.references if not document.has_section(reference.target)]


def references_to(document: Document, section_id: str) -> list[Reference]:
    """Where the document names a section."""
    return [reference for reference in document.references if reference.target == section_id]


def lost_footnotes(before: Document, after: Document) -> list[Footnote]:
    """Footnotes of `before` whose mark stands less often in `after`; empty where every one is still there."""
    left = Counter(footnote.mark for footnote in after.footnotes)
    lost = []
    for footnote in before.footnotes:
        if left[footnote.mark]:
            left[footnote.mark] -= 1
        else:
            lost.append(footnote)
    return lost


def footnote_marks(document: Document) -> list[str]:
    """Each mark once, in the order of first appearance."""
    return list(dict.fromkeys(footnote.mark for footnote in document.footnotes))
