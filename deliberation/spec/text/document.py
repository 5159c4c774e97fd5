"""What a Model Spec holds: sections, examples with their conversations, commentary, footnotes and references."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from deliberation.errors import NotFound


class Authority(StrEnum):
    """Whose word a section carries, from the hardest rule to the default that context may override."""

    ROOT = "root"
    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    GUIDELINE = "guideline"

    @property
    def rank(self) -> int:
        """From 1 (guideline) to 5 (root); the higher one prevails."""
        return len(Authority) - list(Authority).index(self)

    @property
    def is_hard_rule(self) -> bool:
        """Neither developers nor users can set it aside."""
        return self in {Authority.ROOT, Authority.SYSTEM}


class Label(StrEnum):
    """How a spec judges a response."""

    GOOD = "GOOD"
    BAD = "BAD"
    OK = "OK"


@dataclass(frozen=True)
class Span:
    """A place in the text: character offsets, the end exclusive, and the lines it touches, counted from 1."""

    start: int
    end: int
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Section:
    """A heading and its own content, up to the next heading of any level.

    `heading` ends before the heading's line break. `span` includes line breaks, so the spans of a document's sections
    follow each other without gaps; `Document.subtree` adds the sections below. A heading that states no id gets one
    derived from its title the way Markdown hosts do, and `has_own_id` is false.
    """

    id: str
    title: str
    level: int
    authority: Authority | None
    authority_word: str | None
    tags: tuple[str, ...]
    heading: Span
    span: Span
    parent: str | None
    has_own_id: bool = True


@dataclass(frozen=True)
class Message:
    """One turn of a conversation. Nested blocks of untrusted text or settings stay in `content`, tags included."""

    role: str
    content: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LabelledResponse:
    """A response with the spec's verdict; `label` is None where the spec gives none.

    `written` is the label's comment as it stands ("BAD[#some_rule]: too long"), `rule` the section it names.
    """

    label: Label | None
    reason: str | None
    messages: tuple[Message, ...]
    span: Span
    written: str = ""
    rule: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Responses to the same conversation, side by side."""

    responses: tuple[LabelledResponse, ...]

    @property
    def labels(self) -> frozenset[Label]:
        return frozenset(response.label for response in self.responses if response.label)


@dataclass(frozen=True)
class Example:
    """A titled conversation. `turns` has messages and comparisons in their order: a later comparison may follow
    further messages. The span reaches from the title to the end of the closing fence."""

    section_id: str | None
    title: str
    turns: tuple[Message | Comparison, ...]
    span: Span

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """The prompt: every message before the first comparison."""
        first = next((at for at, turn in enumerate(self.turns) if isinstance(turn, Comparison)), len(self.turns))
        return tuple(turn for turn in self.turns[:first] if isinstance(turn, Message))

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(turn for turn in self.turns if isinstance(turn, Comparison))


@dataclass(frozen=True)
class Commentary:
    """A block that explains and does not instruct."""

    section_id: str | None
    title: str
    text: str
    span: Span


@dataclass(frozen=True)
class Footnote:
    """A mark in the text that ties it to evaluation prompts; it has no definition in the document."""

    mark: str
    section_id: str | None
    span: Span


@dataclass(frozen=True)
class Reference:
    """A link to a section of the same document; with `auto_title` its text is a question mark to be replaced."""

    target: str
    section_id: str | None
    span: Span
    auto_title: bool


@dataclass(frozen=True)
class LinkDefinition:
    """The target of a reference-style link, which may stand in another section than the link."""

    label: str
    href: str
    title: str


@dataclass(frozen=True)
class Document:
    """A spec as parsed. `text` is the file's own, byte for byte once encoded; everything else points into it."""

    text: str
    name: str
    sections: tuple[Section, ...]
    examples: tuple[Example, ...] = ()
    commentaries: tuple[Commentary, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    references: tuple[Reference, ...] = ()
    definitions: tuple[LinkDefinition, ...] = ()

    def section(self, section_id: str) -> Section:
        """Raises NotFound."""
        found = self._by_id.get(section_id)
        if found is None:
            raise NotFound(f"no section '{section_id}'", file=self.name)
        return found

    def has_section(self, section_id: str) -> bool:
        return section_id in self._by_id

    def source(self, section_id: str) -> str:
        """The section's own text, heading included."""
        span = self.section(section_id).span
        return self.text[span.start : span.end]

    def subtree(self, section_id: str) -> Span:
        """The span of a section with all sections below it."""
        section = self.section(section_id)
        at = self.sections.index(section)
        last = section
        for follower in self.sections[at + 1 :]:
            if follower.level <= section.level:
                break
            last = follower
        return Span(section.span.start, last.span.end, section.span.first_line, last.span.last_line)

    def examples_of(self, section_id: str) -> tuple[Example, ...]:
        return tuple(example for example in self.examples if example.section_id == section_id)

    def authority_counts(self) -> dict[Authority | None, int]:
        """Sections by authority; None counts those without."""
        counts: dict[Authority | None, int] = dict.fromkeys((*Authority, None), 0)
        for section in self.sections:
            counts[section.authority] += 1
        return counts

    @cached_property
    def titles(self) -> dict[str, str]:
        return {section.id: section.title for section in self.sections}

    @cached_property
    def first_marks(self) -> dict[str | None, frozenset[str]]:
        """For each section with footnotes, the marks that stand there before anywhere else."""
        homes: dict[str, str | None] = {}
        for footnote in self.footnotes:
            homes.setdefault(footnote.mark, footnote.section_id)
        marks: dict[str | None, set[str]] = {}
        for mark, home in homes.items():
            marks.setdefault(home, set()).add(mark)
        return {home: frozenset(found) for home, found in marks.items()}

    @cached_property
    def link_targets(self) -> dict[str, dict[str, str]]:
        """The link definitions as the Markdown parser takes them."""
        return {link.label: {"href": link.href, "title": link.title} for link in self.definitions}

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(comparison for example in self.examples for comparison in example.comparisons)

    @cached_property
    def _by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}


@dataclass(frozen=True)
class EvaluationPrompt:
    """A prompt that lies beside the spec in `examples/`, tied to the text by a footnote with the mark `focus`."""

    focus: str
    section_title: str
    title: str
    messages: tuple[Message, ...]
    file: str
    line: int
