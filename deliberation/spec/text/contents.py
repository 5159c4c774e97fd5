"""What stands in a document's sections: examples, commentary, footnote marks and references, each with its place."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from deliberation.spec.text import conversations, markdown
from deliberation.spec.text.document import Commentary, Example, Footnote, LabelledResponse, Reference, Section, Span
from deliberation.spec.text.lines import Lines


class Contents:
    """A walk over a document's tokens for each kind of thing in them."""

    def __init__(self, tokens: Sequence[Token], lines: Lines, sections: Sequence[Section] = ()):
        self._tokens = tokens
        self._lines = lines
        self._sections = sections
        self._section_lines = [section.span.first_line - 1 for section in sections]
        self._titles = {section.id: section.title for section in sections}

    def examples(self) -> Iterator[Example]:
        for at in range(len(self._tokens)):
            if title := markdown.example_title(self._tokens, at):
                fence = self._tokens[at + 3]
                first, end = lines_of(title)[0], lines_of(fence)[1]
                yield Example(
                    section_id=self._section_at(first),
                    title=markdown.title_text(title, self._titles),
                    turns=conversations.read(fence.content, self._lines, lines_of(fence)[0] + 1),
                    span=self._lines.span((first, end)),
                )

    def commentaries(self) -> Iterator[Commentary]:
        for at, opening in enumerate(self._tokens):
            if opening.type == "admonition_open":
                yield Commentary(
                    section_id=self._section_at(lines_of(opening)[0]),
                    title=opening.content,
                    text="\n\n".join(self._paragraphs_within(at)),
                    span=self._lines.span(lines_of(opening)),
                )

    def footnotes_and_references(self) -> tuple[tuple[Footnote, ...], tuple[Reference, ...]]:
        """Those of the text itself; `label_references` has the references in verdicts."""
        footnotes: list[Footnote] = []
        references: list[Reference] = []
        for inline in self._tokens:
            marks = [token for token in inline.children or () if "start" in token.meta]
            if not marks:
                continue
            places = _InlinePlaces(inline, self._lines)
            section_id = self._section_at(lines_of(inline)[0])
            for token in marks:
                span = places.span(token)
                if token.type == "footnote_mark":
                    footnotes.append(Footnote(token.content, section_id, span))
                elif target := markdown.target_of(token):
                    references.append(Reference(target, section_id, span, _has_auto_title(inline, token)))
        return tuple(footnotes), tuple(references)

    def _section_at(self, line: int) -> str | None:
        at = bisect_right(self._section_lines, line) - 1
        return self._sections[at].id if at >= 0 else None

    def _paragraphs_within(self, opening: int) -> Iterator[str]:
        at = opening + 1
        while self._tokens[at].level > self._tokens[opening].level:
            token = self._tokens[at]
            if token.type == "inline" and self._tokens[at - 1].type != "admonition_title_open":
                yield markdown.plain(token.children, self._titles)
            at += 1


def label_references(section_id: str | None, response: LabelledResponse) -> Iterator[Reference]:
    """Sections that a verdict names: the rule in `BAD[#rule]`, and links in its reason."""
    if response.rule:
        yield Reference(response.rule, section_id, response.span, auto_title=False)
    if "](#" in response.written:
        (inline,) = markdown.MARKDOWN.parseInline(response.written)
        for token in inline.children or ():
            if token.type == "link_open" and (target := markdown.target_of(token)):
                yield Reference(target, section_id, response.span, _has_auto_title(inline, token))


def lines_of(token: Token) -> tuple[int, int]:
    """A block's first line and the line after its last, from 0."""
    first, end = token.map or (0, 1)
    return first, end


def _has_auto_title(inline: Token, opening: Token) -> bool:
    return inline.content.startswith("[?]", opening.meta["start"])


class _InlinePlaces:
    """Places in a file of what stands in an inline token, whose content has lost indents and quote marks."""

    def __init__(self, inline: Token, lines: Lines):
        self._lines = lines
        self._rows: list[int] = []
        self._offsets: list[int] = []
        row_start = 0
        for line, row in enumerate(inline.content.split("\n"), start=lines_of(inline)[0]):
            self._rows.append(row_start)
            self._offsets.append(lines.start(line) + _column(lines[line], row))
            row_start += len(row) + 1

    def span(self, token: Token) -> Span:
        return self._lines.between(self._offset(token.meta["start"]), self._offset(token.meta["end"]))

    def _offset(self, position: int) -> int:
        row = bisect_right(self._rows, position) - 1
        return self._offsets[row] + position - self._rows[row]


def _column(line: str, row: str) -> int:
    """Where a row of content begins in its line: usually it is the line's end, in headings and tables its middle."""
    line, kept = line.rstrip(), row.strip()
    at = len(line) - len(kept) if line.endswith(kept) else max(line.find(kept), 0)
    return at - (len(row) - len(row.lstrip()))
