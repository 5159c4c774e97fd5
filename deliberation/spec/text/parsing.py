"""A Model Spec's Markdown, and the folder of evaluation prompts beside it, into values. Bad input raises SpecError."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.rules_block.html_block import HTML_SEQUENCES
from markdown_it.token import Token

from deliberation.errors import SpecError
from deliberation.spec.text import headings, markdown
from deliberation.spec.text.contents import Contents, label_references, lines_of
from deliberation.spec.text.document import Document, EvaluationPrompt, Example, LinkDefinition, Reference
from deliberation.spec.text.lines import Lines

MAX_BYTES = 10_000_000


def decode(data: bytes, name: str) -> str:
    """A file's bytes as text that encodes back to the same bytes. Raises SpecError for what cannot be a spec."""
    _refuse_size(len(data), name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise SpecError(problem, file=name, line=line, hint="save it as UTF-8") from error
    _refuse_unusable(text, name)
    return text


def parse(text: str, name: str = "model_spec.md") -> Document:
    """A spec's text as a Document; `name` is what messages call the file.

    Raises SpecError with file, line and reason: empty, over 10 MB, no heading, an id twice, an unclosed fence,
    attributes that cannot be read, an unknown authority. Headings without an id are given one derived from their title.
    """
    _refuse_size(len(text.encode("utf-8", "surrogatepass")), name)
    _refuse_unusable(text, name)
    lines = Lines(text)
    tokens, definitions = markdown.blocks(text)
    _refuse_unclosed(tokens, lines, name)
    sections = headings.sections(tokens, lines, name)
    contents = Contents(tokens, lines, sections)
    examples = tuple(contents.examples())
    footnotes, references = contents.footnotes_and_references()
    return Document(
        text=text,
        name=name,
        sections=sections,
        examples=examples,
        commentaries=tuple(contents.commentaries()),
        footnotes=footnotes,
        references=_in_order([*references, *_references_of_labels(examples)]),
        definitions=tuple(LinkDefinition(label, link["href"], link["title"]) for label, link in definitions.items()),
    )


def read_evaluation_prompts(folder: Path) -> list[EvaluationPrompt]:
    """The prompts of every Markdown file in a folder, in the order of file names; none where there is no folder."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix == ".md" and path.is_file())
    return [prompt for path in files for prompt in _prompts_in(path)]


def _refuse_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise SpecError("larger than the 10 MB allowed", file=name, line=1, hint="split the file")


def _refuse_unusable(text: str, name: str) -> None:
    if not text.removeprefix("\ufeff").strip():
        raise SpecError("the file is empty", file=name, line=1)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SpecError("a NUL character, which no text holds", file=name, line=line, hint="save it as UTF-8 text")


def _refuse_unclosed(tokens: Sequence[Token], lines: Lines, name: str) -> None:
    """Markdown closes a forgotten fence or comment at the end of the file, and the sections between vanish."""
    for token in tokens:
        if token.type == "fence" and not _is_closed(token, lines):
            what, hint = f"the fence {token.markup[:20]}", "end it with a line of the same characters"
        elif token.type == "html_block" and (mark := _unclosed_html(token.content)):
            what, hint = f"the block that begins with {mark}", "close it"
        else:
            continue
        raise SpecError(f"{what} is never closed", file=name, line=lines_of(token)[0] + 1, hint=hint)


def _is_closed(fence: Token, lines: Lines) -> bool:
    first, end = lines_of(fence)
    inside = fence.content.count("\n") + (not fence.content.endswith("\n") and bool(fence.content))
    last = lines[end - 1].rstrip(" \t")
    return end - first == inside + 2 and last.endswith(fence.markup)


def _unclosed_html(block: str) -> str | None:
    block = block.lstrip()
    for opening, closing, _ in HTML_SEQUENCES[:5]:
        if match := opening.search(block):
            return None if closing.search(block) else match[0]
    return None


def _references_of_labels(examples: Sequence[Example]) -> Iterator[Reference]:
    for example in examples:
        for comparison in example.comparisons:
            for response in comparison.responses:
                yield from label_references(example.section_id, response)


def _in_order(references: Sequence[Reference]) -> tuple[Reference, ...]:
    return tuple(sorted(references, key=lambda reference: reference.span.start))


def _prompts_in(path: Path) -> Iterator[EvaluationPrompt]:
    text = decode(path.read_bytes(), path.name)
    lines = Lines(text)
    tokens, _ = markdown.blocks(text)
    _refuse_unclosed(tokens, lines, path.name)
    focus, section_title = _heading_of_prompts(tokens)
    for example in Contents(tokens, lines).examples():
        yield EvaluationPrompt(
            focus=focus or path.stem[:40],
            section_title=section_title,
            title=example.title,
            messages=example.messages,
            file=path.name,
            line=example.span.first_line,
        )


def _heading_of_prompts(tokens: Sequence[Token]) -> tuple[str | None, str]:
    """The footnote and the section's title, from a first line such as "Examples for [^ab12] in Some title:"."""
    for inline in tokens:
        for token in inline.children or ():
            if token.type == "footnote_mark":
                _, _, title = markdown.plain(inline.children, {}).partition(" in ")
                return token.content, title.rstrip(": ")
    return None, ""
