"""The results page of a deliberation, and the same as files. It only reads: what is shown was stored by a run."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy import func, select

from analysis.moments import Tally
from analysis.result import Analysis
from deliberation.db.session import db
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.deliberations.reading import deliberation_named
from deliberation.errors import NotFound
from deliberation.participants.identity import current_device
from deliberation.results import charts, findings, publishing
from deliberation.results.models import Run
from deliberation.results.running import latest_shown
from deliberation.results.sections import by_section
from deliberation.results.sources import Source, sources
from deliberation.results.spectrum import spectrum
from deliberation.voting.models import Vote, VoteEvent
from deliberation.web.lists import csv_response, json_response
from deliberation.web.permissions import Permission, requires

bp = Blueprint("results", __name__)


@bp.get("/d/<slug>/results")
@requires(Permission.PUBLIC)
def show(slug: str) -> str:
    deliberation = deliberation_named(db.session, slug)
    run = latest_shown(db.session, deliberation.id)
    if run is None:
        votes = _votes_waiting(deliberation)
        return render_template("results/waiting.html", deliberation=deliberation, current_tab="results", votes=votes)
    device = current_device()
    viewer = (
        publishing.Viewer()
        if device.is_new
        else publishing.viewer(db.session, deliberation, device.hash_in(deliberation.id))
    )
    shown = publishing.visible(db.session, run)
    on_declined = publishing.votes_on_declined(run, shown)
    return render_template(
        "results/show.html",
        deliberation=deliberation,
        current_tab="results",
        run=run,
        votes_since=_votes_since(deliberation, run),
        on_declined=on_declined,
        excluded=on_declined + run.not_offered,
        viewer=viewer,
        **_page(deliberation, shown, viewer, run.unclear or {}),
    )


@bp.get("/d/<slug>/results.json")
@requires(Permission.PUBLIC)
def show_json(slug: str) -> Response:
    _, run, shown = _published(slug)
    return json_response(publishing.as_written(run, shown), f"{slug}-results.json")


@bp.get("/d/<slug>/results.csv")
@requires(Permission.PUBLIC)
def show_csv(slug: str) -> Response:
    deliberation, _, shown = _published(slug)
    return csv_response(_rows(shown, sources(db.session, deliberation)), f"{slug}-results.csv")


def _published(slug: str) -> tuple[Deliberation, Run, Analysis]:
    deliberation = deliberation_named(db.session, slug)
    run = latest_shown(db.session, deliberation.id)
    if run is None:
        raise NotFound(f"'{slug}' has no result yet")
    return deliberation, run, publishing.visible(db.session, run)


def _page(
    deliberation: Deliberation, shown: Analysis, viewer: publishing.Viewer, unclear: Mapping[str, int]
) -> dict[str, Any]:
    """What the parts of the page show, by name."""
    known = sources(db.session, deliberation, unclear)
    classes, groups = findings.classes(shown, known), findings.columns(shown, known)
    reach = findings.reach(groups)
    sections = by_section(classes, [(each.key, each.title) for each in deliberation.sections])
    parts = {
        "holds": classes.holding,
        "differ": classes.contested,
        "open": classes.uncertain or classes.too_few,
        "line": classes.total,
        "sections": sections,
        "map": shown.positions,
    }
    return {
        "analysis": shown,
        "rule": shown.parameters,
        "votes": sum(each.everybody.votes for each in shown.statements),
        "by_id": {each.id: each for each in shown.statements},
        "classes": classes,
        "groups": groups,
        "reach": reach,
        "line": spectrum(
            [each for each in shown.statements if each.id in known],
            classes.foremost,
            has_groups=reach != "none",
            floor=shown.parameters["consensus_across"],
        ),
        "sections": sections,
        "section_address": _section_address(deliberation),
        "axis": charts.axis_chart(shown.structure.axis, viewer.key) if shown.structure.axis else None,
        "ends": findings.ends(shown, known),
        "shows": findings.further(shown),
        "is_cut": any(each.is_cut for each in groups),
        "map": charts.opinion_map(shown, {each.id: each.name for each in groups}, viewer.key),
        "numbers": dict(zip((name for name, found in parts.items() if found), itertools.count(1), strict=False)),
        "first": findings.FIRST_SHOWN,
        "folded": findings.MOST_UNFOLDED,
        "rows_shown": findings.ROWS_SHOWN,
        "sections_shown": findings.SECTIONS_SHOWN,
    }


def _votes_waiting(deliberation: Deliberation) -> int:
    """Votes that stand and will count, of a deliberation without a run."""
    query = (
        select(func.count())
        .select_from(Vote)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Statement.deliberation_id == deliberation.id, Vote.source.is_not(None))
    )
    return db.session.scalar(query) or 0


def _votes_since(deliberation: Deliberation, run: Run) -> int:
    """Votes cast or changed that the run does not hold; one that was changed often is one vote."""
    changed = (
        select(VoteEvent.participant_id, VoteEvent.statement_id)
        .join(Statement, Statement.id == VoteEvent.statement_id)
        .where(VoteEvent.id > run.last_event_id, Statement.deliberation_id == deliberation.id)
        .distinct()
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(changed)) or 0


def _section_address(deliberation: Deliberation) -> str | None:
    """Where the sections can be read; the id of one follows."""
    if deliberation.release is None:
        return None
    return url_for("spec.show", label=deliberation.release.label) + "#"


def _rows(shown: Analysis, known: dict[str, Source]) -> Iterator[list[object]]:
    """A statement a row: its votes, shares with their intervals, and the votes of each group."""
    counts = ("votes", "agree", "disagree", "pass")
    shares = [f"{name}{end}" for name in ("agree_share", "disagree_share") for end in ("", "_low", "_high")]
    across = [f"consensus_{name}{end}" for name in ("agree", "disagree") for end in ("", "_low", "_high")]
    by_group = [f"{group.id}_{name}" for group in shown.groups for name in counts]
    yield ["statement", "text", "class", "section", *counts, *shares, *across, *by_group]
    for each in shown.statements:
        source, everybody = known.get(each.id), each.everybody
        tallies = [each.by_group.get(group.id) for group in shown.groups]
        estimates = (everybody.agree_share, everybody.disagree_share, each.consensus_agree, each.consensus_disagree)
        yield [
            *(each.id, each.text, each.kind.value, source.section if source else None),
            *(everybody.votes, everybody.agree, everybody.disagree, everybody.passed),
            *(number for one in estimates for number in (one.value, one.low, one.high)),
            *(number for one in tallies for number in _counts(one)),
        ]


def _counts(tally: Tally | None) -> tuple[int | None, ...]:
    """The votes of a group; empty cells where its people are too few."""
    return (tally.votes, tally.agree, tally.disagree, tally.passed) if tally else (None,) * 4
