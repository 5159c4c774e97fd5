"""Fill a database with the demo's spec, deliberation, participants, results and drafts."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from deliberation.amendments.models import Suggestion
from deliberation.amendments.suggesting import suggest
from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.deliberations.opening import create, open_
from deliberation.deliberations.yaml_files import read_definition
from deliberation.demo.population import Population, simulate
from deliberation.participants.models import Participant
from deliberation.results.models import Run
from deliberation.results.running import run
from deliberation.spec.importing import import_release
from deliberation.spec.models import Release
from deliberation.voting.models import Reason, Source, Vote, VoteEvent

DATA = Path(__file__).parent / "data"
SLUG = "candour"
LABEL = "sample"


def fill(say: Callable[[str], None]) -> None:
    """Bring in the sample content, step by step; a step that was taken already is not taken again."""
    deliberation = db.session.scalar(select(Deliberation).where(Deliberation.slug == SLUG))
    if deliberation is None:
        say("Importing the sample spec, its deliberation, and 800 simulated participants")
        with transaction() as session:
            deliberation = _import(session)
    if db.session.scalar(select(Suggestion.id).where(Suggestion.deliberation_id == deliberation.id)) is None:
        say("Looking for opinion groups and consensus")
        finished = run(SLUG)
        say("Drafting amendments from the consensus")
        with transaction() as session:
            suggest(session, session.get_one(Run, finished.id))


def _import(session: Session) -> Deliberation:
    if session.scalar(select(Release.id).where(Release.label == LABEL)) is None:
        import_release(session, DATA / "model_spec.md", LABEL)
    deliberation = create(session, read_definition(DATA / "deliberation.yaml"))
    open_(session, deliberation.slug)
    _store(session, deliberation, simulate(DATA))
    return deliberation


def _store(session: Session, deliberation: Deliberation, population: Population) -> None:
    people = [
        Participant(deliberation_id=deliberation.id, key=str(number))
        for number in range(1, population.participants + 1)
    ]
    session.add_all(people)
    session.flush()
    statements = session.scalars(select(Statement).where(Statement.deliberation_id == deliberation.id))
    ids = {statement.key: statement.id for statement in statements}
    rows = list(_vote_rows([person.id for person in people], ids, population))
    session.execute(insert(VoteEvent), rows)
    # They were offered by nobody's choice and by no routing of ours: like votes that come from elsewhere.
    session.execute(insert(Vote), [row | {"source": Source.IMPORTED.value, "important": False} for row in rows])
    session.add_all(
        Reason(
            participant_id=people[reason.participant].id,
            statement_id=ids[reason.statement],
            text=reason.text,
            language=reason.language,
        )
        for reason in population.reasons
    )


def _vote_rows(people: list[int], statements: dict[str, int], population: Population) -> Iterable[dict[str, object]]:
    began = now() - timedelta(days=14)
    for number, (person, key, choice) in enumerate(population.votes):
        yield {
            "participant_id": people[person],
            "statement_id": statements[key],
            "choice": choice,
            "cast_at": began + timedelta(seconds=number),
        }
