"""`amendments.md`: what was agreed and what follows from it, for people to read. Participants' words are escaped."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deliberation.amendments.export import wording
from deliberation.amendments.export.diff import diff
from deliberation.amendments.export.patch import SPEC_FILE, Patch
from deliberation.amendments.export.series import Step
from deliberation.amendments.figures import Count, Dissent, Figures
from deliberation.amendments.models import Amendment
from deliberation.amendments.suggesting import Entry, Suggested
from deliberation.deliberations.models import Deliberation
from deliberation.spec.models import Release
from deliberation.spec.text import escaping

Lines = Iterator[str]

_NOT_DRAFTED = {
    "questions": (
        "Questions to the maintainers",
        "Agreed, but about hard rules: nothing is drafted there. Should the spec say so, or say why not?",
    ),
    "rejected": (
        "Rejected by the public",
        "Agreed against, with no response put to the public that could be shown as a bad one. The opposite was not "
        "asked, so it is not drafted.",
    ),
    "left_open": (
        "Left open",
        "Divided between groups: no rule follows. It should stay the user's or the developer's choice.",
    ),
    "below_bar": (
        "Below the evidence bar",
        "Agreed, but with less support than the section's authority asks for: the lower end of the interval over "
        "everybody is too low.",
    ),
    "unplaced": ("Unplaced", "Agreed, but no section could be named."),
}


def report(
    deliberation: Deliberation,
    release: Release,
    suggested: Suggested | None,
    steps: Sequence[Step],
    patches: Sequence[Patch],
    *,
    held_back: int,
) -> str:
    """The whole report. `held_back` is the number of drafts that were not asked for."""
    lines = [*_head(deliberation, release, suggested), *_summary(suggested, steps, held_back)]
    for step, patch in zip(steps, patches, strict=True):
        lines += _amendment(step, patch)
    if suggested:
        for name, (title, meaning) in _NOT_DRAFTED.items():
            lines += _list(name, title, meaning, getattr(suggested, name))
        lines += _method(suggested, steps)
    return "\n".join(lines) + "\n"


def _head(deliberation: Deliberation, release: Release, suggested: Suggested | None) -> Lines:
    yield f"# Amendments: {escaping.inline(deliberation.title)}"
    yield ""
    yield f"- Deliberation: `{deliberation.slug}`"
    yield f"- Spec: release {escaping.inline(release.label)}, sha256 `{release.sha256}`"
    if suggested:
        yield f"- Analysis: run {suggested.run}, method {suggested.method}, votes sha256 `{suggested.digest}`"
    yield ""


def _summary(suggested: Suggested | None, steps: Sequence[Step], held_back: int) -> Lines:
    if not steps:
        yield "No amendment is exported: nothing is approved yet." if suggested else "Nothing was suggested yet."
        yield ""
    if held_back:
        yield f"Drafts that wait for approval: {held_back}. Export with `--drafts` to have them in the series."
        yield ""
    if steps:
        yield f"Amendments in this series: {len(steps)}. Apply them in a repository that holds the release as"
        yield f"`{SPEC_FILE}`, with `git am amendments.mbox`; each applies on the one before."
        if any("\r" in step.after for step in steps):
            yield "Its lines end with CR LF: single patches need `git am --keep-cr`."
        yield ""


def _amendment(step: Step, patch: Patch) -> Lines:
    amendment = step.amendment
    evidence = [Figures.model_validate(each.figures) for each in amendment.evidence]
    section = amendment.section
    yield f"## {step.number}. {escaping.inline(section.title)}"
    yield ""
    yield f"- Amendment {amendment.id}, status **{amendment.state}**, file `{patch.file}`"
    yield f"- Section `{section.key}`, authority {section.authority}, adds {_adds(amendment)}"
    yield f"- {wording.placing(amendment)}"
    yield ""
    yield f"*{wording.provenance(amendment)}*"
    yield ""
    yield from _fenced(diff(step.before, step.after, SPEC_FILE).split("\n", 4)[4], "diff")
    for figures in evidence:
        yield from _evidence(figures)


def _adds(amendment: Amendment) -> str:
    return {"rule": "a rule", "example": "an example"}[amendment.kind]


def _evidence(figures: Figures) -> Lines:
    yield f"{wording.judgement(figures)} (statement {escaping.inline(figures.statement)}):"
    yield ""
    yield from _quote(figures.text)
    yield ""
    yield from _table(figures)
    yield from _dissent(figures.dissent)


def _table(figures: Figures) -> Lines:
    yield f"| | votes | {figures.direction}, share | 95 % interval | agree | disagree | pass |"
    yield "|---|---:|---:|---|---:|---:|---:|"
    for group in figures.groups:
        name = escaping.inline(group.label) + ("" if group.holds_veto else " (holds no veto)")
        if group.count is None:
            yield f"| {name} | {wording.untold(group)} | {wording.leaning(group)} | | | | |"
        else:
            yield _row(name, group.count)
    yield _row("Everybody", figures.everybody)
    if figures.across is not None:
        low, high = figures.across_interval
        yield f"| Across groups | | {figures.across:.0%} | {low:.0%} to {high:.0%} | | | |"
    yield ""


def _row(name: str, count: Count) -> str:
    cells = [name, count.votes, wording.percent(count.share), wording.interval(count)]
    return f"| {' | '.join(map(str, [*cells, count.agree, count.disagree, count.passed]))} |"


def _dissent(dissent: Dissent) -> Lines:
    shown = len(dissent.reasons)
    told = "no reason was given" if not shown else f"{shown} of {dissent.reasons_given} reasons given"
    yield f"Dissent: {dissent.votes} votes the other way; {told}."
    yield ""
    for reason in dissent.reasons:
        yield from _quote(reason.text)
        yield ">"
        group = f", group {reason.group}" if reason.group else ""
        yield f"> — reason given with a vote the other way{group}, language {escaping.inline(reason.language)}"
        yield ""
    for against in dissent.groups:
        yield f"{escaping.inline(against.label)} leans the other way." + (
            " It stands for:" if against.stands_for else ""
        )
        yield ""
        for each in against.stands_for:
            yield f"- {each.direction}s: {escaping.inline(each.text)}"
        if against.stands_for:
            yield ""


def _list(name: str, title: str, meaning: str, entries: Sequence[Entry]) -> Lines:
    if not entries:
        return
    yield f"## {title}"
    yield ""
    yield meaning
    yield ""
    for entry in entries:
        figures = Figures.model_validate(entry["figures"])
        yield f"### Statement {escaping.inline(figures.statement)}"
        yield ""
        yield from _quote(figures.text)
        yield ""
        yield from _facts(entry)
        yield from _table(figures)
        yield from _views(figures) if name == "left_open" else _dissent(figures.dissent)


def _views(figures: Figures) -> Lines:
    """What each group thinks of something that divides them."""
    if figures.groups:
        views = (f"{escaping.inline(group.label)} {wording.leaning(group)}" for group in figures.groups)
        yield "; ".join(views) + "."
        yield ""


def _facts(entry: Entry) -> Lines:
    if entry.get("section"):
        authority = f", authority {entry['authority']}" if entry.get("authority") else ""
        yield f"- Section `{entry['section']}`{authority}"
    if "needs" in entry:
        yield f"- Evidence: {wording.bar(entry['needs'], entry['has'])}"
    if "reason" in entry:
        yield f"- Reason: {entry['reason']}"
    if entry.get("nearest"):
        score = "" if entry["score"] is None else f", score {entry['score']:.2f}"
        yield f"- Nearest section `{entry['nearest']}`{score}"
    if set(entry) & {"needs", "reason"} or entry.get("section"):
        yield ""


def _method(suggested: Suggested, steps: Sequence[Step]) -> Lines:
    figures = next(_all_figures(suggested, steps), None)
    if figures is None:
        return
    yield "## Method"
    yield ""
    yield f"Opinion groups: verdict {figures.structure}; statements were classed by {figures.classes_by}. Shares are"
    yield "of all votes on a statement, passes included; intervals are Wilson's, 95 %. The rule in force:"
    yield ""
    for name, value in figures.rule.items():
        yield f"- `{name}`: {value:g}"


def _all_figures(suggested: Suggested, steps: Sequence[Step]) -> Iterator[Figures]:
    dumps: Iterable[dict[str, Any]] = [
        *(each.figures for step in steps for each in step.amendment.evidence),
        *(entry["figures"] for name in _NOT_DRAFTED for entry in getattr(suggested, name)),
    ]
    return (Figures.model_validate(each) for each in dumps)


def _quote(text: str) -> Lines:
    for line in text.splitlines() or [""]:
        yield f"> {escaping.paragraph(line)}".rstrip()


def _fenced(text: str, language: str) -> Lines:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield f"{fence}{language}"
    yield text.rstrip("\n")
    yield fence
    yield ""
