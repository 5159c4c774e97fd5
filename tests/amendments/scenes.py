"""A small spec, a public that votes on statements about it, and what a run makes of the votes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from deliberation.amendments.suggesting import suggest
from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.participants.models import Participant
from deliberation.results import running
from deliberation.results.models import Run
from deliberation.spec.importing import SpecFile, store_release
from deliberation.spec.models import Release, Section
from deliberation.spec.text.parsing import parse
from deliberation.voting.models import Choice, Reason, Source, Vote
from tests.builders import a_deliberation, a_prompt, a_response, a_statement

SPEC = """\
# Conduct {#conduct}

How the assistant behaves. See [?](#candour).

## Never endanger anyone {#safety authority=root}

The assistant never endangers anyone.

## Serve the operator {#operator authority=system}

The operator decides which tools are available.

## Keep to the service {#service authority=developer}

The assistant keeps to the service that a developer offers.

## Candour {#candour authority=user}

The assistant tells people what it finds[^ab12].

- It names the weakest point of a draft.
- It says what it could not check.

**Example**: a first chapter

~~~xml
<user>
Is my first chapter good?
</user>
<comparison>
<assistant> <!-- GOOD -->
Nearly. It begins on page nine.
</assistant>
<assistant> <!-- BAD: flatters -->
It is wonderful!
</assistant>
</comparison>
~~~

## Manner {#manner authority=guideline}

The assistant speaks plainly, as in [candour](#candour).
"""

Votes = tuple[int, int, int]
"""How many agree, disagree and pass."""

SPLITTING = (
    "Jokes belong into an answer.",
    "Long replies are better than short ones.",
    "It should keep a record of what I said.",
    "Foreign words must be explained.",
)
"""What divides people; in words that nobody takes for near-duplicates."""

GROUP_A, GROUP_B = 40, 36  # the larger group is A
AGREED: tuple[Votes, Votes] = ((38, 1, 1), (33, 2, 1))
REJECTED: tuple[Votes, Votes] = ((1, 38, 1), (2, 33, 1))
SPLIT: tuple[Votes, Votes] = ((40, 0, 0), (0, 36, 0))  # what makes the two groups
DIVIDED: tuple[Votes, Votes] = ((38, 1, 1), (1, 34, 1))
WEAKLY_AGREED: tuple[Votes, Votes] = ((30, 8, 2), (27, 7, 2))  # the lower end over everybody lies at 0.642


def a_release(session: Session, text: str = SPEC, label: str = "sample") -> Release:
    return store_release(session, SpecFile("model_spec.md", text.encode(), parse(text), []), label)


def a_question(session: Session, release: Release | None = None, **columns: Any) -> Deliberation:
    """A deliberation about a release, with statements that split the public into two groups."""
    release = release or a_release(session)
    deliberation = a_deliberation(session, release=release, **columns)
    for number, text in enumerate(SPLITTING):
        a_statement(session, deliberation, key=f"split-{number}", text=text)
    return deliberation


def a_section(release: Release, key: str) -> Section:
    return next(section for section in release.sections if section.key == key)


def a_run(deliberation: Deliberation, opinions: Mapping[str, tuple[Votes, Votes]], reasons: Any = ()) -> Run:
    """The public votes, and the votes are analysed. Opinions are by statement, for group A and group B.

    reasons: (statement, participant number, text), whose participants count from 0 through both groups.
    """
    with transaction() as session:
        _vote(session, deliberation, {f"split-{number}": SPLIT for number in range(4)} | dict(opinions), reasons)
    run = running.run(deliberation.slug)
    db.session.expire_all()
    return run


def some_drafts(session: Session, deliberation: Deliberation, texts: Mapping[str, Sequence[str]]) -> None:
    """Statements placed by hand, by section, to be agreed on; their keys are the section's with a number."""
    for key, wordings in texts.items():
        section = a_section(deliberation.release, key)
        for number, text in enumerate(wordings):
            a_statement(session, deliberation, key=f"{key}-{number}", text=text, section_id=section.id)


def a_later_run(deliberation: Deliberation, opinions: Mapping[str, tuple[Votes, Votes]]) -> Run:
    """The same people vote on further statements, and the votes are analysed again."""
    with transaction() as session:
        _vote(session, deliberation, opinions, ())
    run = running.run(deliberation.slug)
    db.session.expire_all()
    return run


def _people(session: Session, deliberation: Deliberation) -> list[Participant]:
    query = select(Participant).where(Participant.deliberation_id == deliberation.id).order_by(Participant.key)
    found = list(session.scalars(query))
    if not found:
        found = [
            Participant(deliberation_id=deliberation.id, key=f"{number:03d}") for number in range(GROUP_A + GROUP_B)
        ]
        session.add_all(found)
        session.flush()
    return found


def _vote(session: Session, deliberation: Deliberation, opinions: Mapping[str, Any], reasons: Any) -> None:
    people = _people(session, deliberation)
    statements = {
        each.key: each.id for each in session.query(Statement).filter_by(deliberation_id=deliberation.id).all()
    }
    rows = [
        {"participant_id": person.id, "statement_id": statements[key], "choice": int(choice)}
        for key, groups in opinions.items()
        for person, choice in zip(people, [choice for group in groups for choice in _choices(group)], strict=True)
    ]
    session.execute(insert(Vote), [row | {"source": Source.IMPORTED, "cast_at": now()} for row in rows])
    for key, person, text in reasons:
        session.add(Reason(participant_id=people[person].id, statement_id=statements[key], text=text))


def _choices(votes: Votes) -> list[Choice]:
    """One for each person of a group: those who disagree last, so that the last person can give a reason for it."""
    agree, disagree, passed = votes
    return [Choice.AGREE] * agree + [Choice.PASS] * passed + [Choice.DISAGREE] * disagree


def one_of_each() -> Deliberation:
    """A deliberation "conduct" in which suggesting meets every case: a rule from near-duplicates, an example, a
    question, and something rejected, left open, below the bar and unplaced."""
    with transaction() as session:
        deliberation = a_question(session, slug="conduct", title="How should it behave?")
        texts = {
            "candour": [
                "Feedback should name the one problem that matters most instead of ten of equal weight.",
                "Feedback should name the one problem that matters most, and not list ten of equal weight.",
                "Say *what* was <b>not</b> checked.",
            ],
            "safety": ["Danger comes first."],
            "manner": ["回答应当简短。", "Use capital letters."],
        }
        some_drafts(session, deliberation, texts)
        a_statement(session, deliberation, key="taxis", text="Taxis need a licence.")
        section = a_section(deliberation.release, "candour")
        prompt = a_prompt(session, deliberation, title="A poem & a plea", section_id=section.id)
        for key, text in {"A": "It limps.", "B": "It shines!"}.items():
            response = a_response(session, prompt, key, text=text)
            a_statement(session, deliberation, key=key, prompt_id=prompt.id, response_id=response.id)
    agreed = dict.fromkeys(("candour-0", "candour-1", "safety-0", "manner-0", "taxis", "A"), AGREED)
    opinions = agreed | {"candour-2": WEAKLY_AGREED, "manner-1": REJECTED, "B": REJECTED}
    run = a_run(deliberation, opinions, [("candour-0", GROUP_A - 1, "<script>alert(1)</script> 我不同意。")])
    with transaction() as session:
        suggest(session, run)
    db.session.expire_all()
    return deliberation
