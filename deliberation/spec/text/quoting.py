"""A section's first sentence, as it is quoted where the section itself is not shown."""

import re
from itertools import pairwise

from deliberation.spec.text import markdown
from deliberation.spec.text.document import Document

_LONGEST = 220
# A full stop ends a sentence where white space and no small letter follows; Chinese has no space between sentences.
_END = re.compile(r"[.!?][\"”’)]*(?=\s+[^\sa-z])|[。！？][”」]*")


def first_sentence(document: Document, section_id: str) -> str | None:
    """The first sentence of a section's prose, without markup; none where it has no prose. Raises NotFound."""
    tokens, _ = markdown.blocks(document.source(section_id), document.link_targets)
    for before, token in pairwise(tokens):
        is_prose = before.type == "paragraph_open" and before.level == 0 and not before.meta.get("example")
        if is_prose and (text := markdown.plain(token.children, document.titles)):
            return _shortened(text[: end.end()] if (end := _END.search(text)) else text)
    return None


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(" ,;:") + "…"
