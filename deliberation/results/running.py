"""Analyse a deliberation and keep the result: one immutable run for the same votes, statements, method and code."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from analysis import pipeline
from analysis.margins import MarginsError, Population
from analysis.result import Analysis
from analysis.routing import RoutingWeight
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from deliberation.deliberations.reading import deliberation_named
from deliberation.errors import Conflict, DeliberationError
from deliberation.results.models import Run
from deliberation.results.snapshot import Snapshot, take
from deliberation.results.weighing import weights_of
from deliberation.voting.routing import set_weights


class AnalysisRefused(DeliberationError):  # noqa: N818 - a refusal is what the user is told
    """The analysis cannot be made as it was asked for."""


def run(slug: str, method: str | None = None, population: Population | None = None) -> Run:
    """Analyse the votes as they stand, by the default method unless one is named.

    population: what to weight participants to, beside the plain shares. Where the last run of this method had the same
    input, it is the answer and nothing is stored. The numerics run outside any transaction. Raises NotFound for an
    unknown deliberation, Conflict where there are no votes yet, AnalysisRefused for an unknown method, and for margins
    that these participants cannot meet.
    """
    deliberation = deliberation_named(db.session, slug)
    snapshot = take(db.session, deliberation).weighted_to(population)
    if not len(snapshot.votes):
        raise Conflict(f"'{slug}' has no votes yet", hint="there is nothing to analyse until somebody votes")
    method = method or pipeline.METHODS[0]
    inputs = snapshot.fingerprint(method, code_version())
    last = latest(db.session, deliberation.id, method)
    if last is not None and last.inputs == inputs:
        return last
    try:
        result = _analyse(snapshot, method, last)
    except MarginsError as error:
        raise AnalysisRefused(str(error), file=str(population.file) if population else None) from error
    except ValueError as error:
        raise AnalysisRefused(str(error)) from error
    # A method that is only compared with does not decide what people are asked.
    weights = weights_of(result) if method == pipeline.METHODS[0] else {}
    return store(_row(result, deliberation, snapshot, inputs), weights)


def latest(session: Session, deliberation_id: int, method: str | None = None) -> Run | None:
    """The newest run, of this method where one is named. Its result is read from the database when it is asked for."""
    query = select(Run).where(Run.deliberation_id == deliberation_id).order_by(Run.id.desc()).limit(1)
    if method is not None:
        query = query.where(Run.method == method)
    return session.scalar(query.options(defer(Run.result)))


def latest_shown(session: Session, deliberation_id: int) -> Run | None:
    """The newest run by the default method, which is what pages show; by another one only where there is no such."""
    return latest(session, deliberation_id, pipeline.METHODS[0]) or latest(session, deliberation_id)


def store(row: Run, weights: Mapping[str, RoutingWeight] | None = None) -> Run:
    """Keep the run, and draw statements by its weights from now on.

    Neither where another process has stored the same run meanwhile, or one of newer votes.
    """
    with transaction() as session:
        last = latest(session, row.deliberation_id, row.method)
        if last is not None and (last.inputs == row.inputs or last.last_event_id > row.last_event_id):
            session.refresh(last, ["result"])
            return last
        session.add(row)
        session.flush()
        set_weights(session, row.deliberation_id, weights or {})
        return row


@cache
def code_version() -> str:
    """A digest of the method's own source: with an edited threshold or formula the same votes make another run."""
    source = hashlib.sha256()
    for file in sorted(Path(pipeline.__file__).parent.glob("*.py")):
        source.update(file.read_bytes())
    return source.hexdigest()[:12]


def _analyse(snapshot: Snapshot, method: str, last: Run | None) -> Analysis:
    return pipeline.analyse(
        snapshot.votes,
        method=method,
        texts=snapshot.texts,
        moderated_out=snapshot.moderated_out,
        meta=snapshot.meta,
        previous=Analysis.from_json(last.result) if last is not None else None,
        beside=snapshot.beside,
    )


def _row(result: Analysis, deliberation: Deliberation, snapshot: Snapshot, inputs: str) -> Run:
    return Run(
        deliberation_id=deliberation.id,
        method=result.method,
        digest=result.digest,
        inputs=inputs,
        last_event_id=snapshot.last_event_id,
        not_offered=snapshot.not_offered,
        on_declined=snapshot.on_declined,
        unclear=dict(snapshot.unclear),
        result=result.to_json().decode(),
        code_version=code_version(),
    )
