"""Sample prompts that a release of the spec brings along: its examples, and the evaluation prompts beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deliberation.errors import NotFound
from deliberation.spec.models import Release
from deliberation.spec.reading import document_of
from deliberation.spec.text.document import Document, Example, Message


@dataclass(frozen=True)
class SamplePrompt:
    """A prompt found in a release. messages as `Prompt.messages` keeps them; section: the id of the one it is about."""

    source: str  # "example: <section id>/<title>" or "evaluation: <focus>/<n>"
    title: str
    messages: list[dict[str, Any]]
    section: str | None


def example_titled(release: Release, reference: str) -> SamplePrompt:
    """The example with this title; "section_id/title" where several share it. Raises NotFound."""
    document = document_of(release)
    found = [each for each in document.examples if each.title == reference]
    if len(found) != 1:
        found = [each for each in document.examples if _full_title(each) == reference] or found
    if not found:
        raise NotFound(f"the release '{release.label}' has no example '{reference}'")
    if len(found) > 1:
        named = " or ".join(f"'{_full_title(each)}'" for each in found)
        raise NotFound(f"{len(found)} examples are called '{reference}'", hint=f"write {named}")
    return _from_example(found[0])


def evaluation_prompt(release: Release, reference: str) -> SamplePrompt:
    """The evaluation prompt "<focus>/<n>", n from 1. Raises NotFound."""
    sections = _sections_by_mark(document_of(release))
    for each in release.evaluation_prompts:
        if f"{each.focus}/{each.number}" == reference:
            return SamplePrompt(f"evaluation: {reference}", each.title, each.messages, sections.get(each.focus))
    raise NotFound(f"the release '{release.label}' has no evaluation prompt '{reference}'", hint="<focus>/<number>")


def sample_prompts(release: Release) -> list[SamplePrompt]:
    """All prompts of a release, examples first; those without a single message are left out."""
    document = document_of(release)
    sections = _sections_by_mark(document)
    examples = (_from_example(each) for each in document.examples)
    evaluations = (
        SamplePrompt(f"evaluation: {each.focus}/{each.number}", each.title, each.messages, sections.get(each.focus))
        for each in release.evaluation_prompts
    )
    return [prompt for prompt in (*examples, *evaluations) if prompt.messages]


def said_in(prompt: SamplePrompt) -> str:
    """The last thing that a prompt's user says, else its last message, as one line."""
    asked = next((each for each in reversed(prompt.messages) if each["role"] == "user"), prompt.messages[-1])
    return " ".join(asked["content"].split())


def matches(prompt: SamplePrompt, words: str, section_title: str = "") -> bool:
    """Whether all these words, or beginnings of words, are in a prompt, its title or its section's title."""
    text = " ".join([prompt.title, section_title, *(message["content"] for message in prompt.messages)]).casefold()
    return all(word in text for word in words.casefold().split())


def _from_example(example: Example) -> SamplePrompt:
    return SamplePrompt(
        f"example: {_full_title(example)}", example.title, _stored(example.messages), example.section_id
    )


def _full_title(example: Example) -> str:
    return f"{example.section_id}/{example.title}" if example.section_id else example.title


def _stored(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [
        {"role": message.role, "content": message.content, "attributes": dict(message.attributes)}
        for message in messages
    ]


def _sections_by_mark(document: Document) -> dict[str, str]:
    """For each footnote the section that it stands in; the first, where it stands in several."""
    marks = reversed(document.footnotes)
    return {footnote.mark: footnote.section_id for footnote in marks if footnote.section_id}
