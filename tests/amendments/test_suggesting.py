"""What each finding of a run becomes."""

import pytest
from sqlalchemy import func, select

from deliberation.amendments.models import Amendment, State, Suggestion
from deliberation.amendments.suggesting import suggest
from deliberation.db.session import transaction
from deliberation.deliberations.models import Moderation, Statement
from deliberation.errors import Conflict
from tests.amendments.scenes import (
    AGREED,
    DIVIDED,
    REJECTED,
    WEAKLY_AGREED,
    a_later_run,
    a_question,
    a_run,
    a_section,
)
from tests.builders import a_deliberation, a_prompt, a_response, a_statement


def asked(sections, **columns):
    """A deliberation with a statement placed by hand in each of these sections, named like it."""
    with transaction() as session:
        deliberation = a_question(session, **columns)
        for key in sections:
            a_statement(
                session,
                deliberation,
                key=key,
                text=f"In matters of {key} the assistant should be clear.",
                section=a_section(deliberation.release, key),
            )
        return deliberation


def suggested(run):
    with transaction() as session:
        return suggest(session, run).answer()


def test_a_statement_all_agree_on_becomes_a_draft_in_its_own_words(reading):
    deliberation = asked(["candour"])
    run = a_run(deliberation, {"candour": AGREED})

    drafts = suggested(run)["drafts"]

    amendment = reading.get_one(Amendment, drafts[0]["id"])
    assert drafts == [
        {
            "id": amendment.id,
            "section": "candour",
            "authority": "user",
            "kind": "rule",
            "statement": "candour",
            "also": [],
            "placed": "by hand",
            "score": None,
            "status": "draft",
        }
    ]
    assert amendment.revisions[0].new.strip() == "- In matters of candour the assistant should be clear."
    assert amendment.evidence[0].figures["text"] == "In matters of candour the assistant should be clear."


@pytest.mark.parametrize(("section", "authority"), [("safety", "root"), ("operator", "system")])
def test_a_hard_rule_gets_a_question_and_no_draft(reading, section, authority):
    run = a_run(asked([section]), {section: AGREED})

    answer = suggested(run)

    assert answer["drafts"] == []
    assert [(each["section"], each["authority"], each["statement"]) for each in answer["questions"]] == [
        (section, authority, section)
    ]


def test_a_section_without_authority_takes_nothing(reading):
    run = a_run(asked(["conduct"]), {"conduct": AGREED})

    answer = suggested(run)

    assert answer["drafts"] == []
    assert answer["unplaced"] == [
        {
            "statement": "conduct",
            "nearest": "conduct",
            "score": None,
            "reason": "the section 'conduct' carries no authority",
        }
    ]


def test_agreement_against_a_statement_is_reported_and_never_turned_round(reading):
    run = a_run(asked(["candour"]), {"candour": REJECTED})

    answer = suggested(run)

    assert answer["drafts"] == []
    assert answer["rejected"] == [{"statement": "candour", "section": "candour"}]


def test_what_divides_people_becomes_no_rule(reading):
    run = a_run(asked(["candour"]), {"candour": DIVIDED})

    answer = suggested(run)

    assert answer["drafts"] == []
    assert {"statement": "candour", "section": "candour"} in answer["left_open"]


def test_what_is_left_open_keeps_each_groups_view(reading):
    run = a_run(asked(["candour"]), {"candour": DIVIDED})

    suggested(run)

    report = reading.scalars(select(Suggestion)).one().report
    figures = next(each for each in report["left_open"] if each["statement"] == "candour")["figures"]
    assert [(group["id"], group["leans"]) for group in figures["groups"]] == [("A", "agree"), ("B", "disagree")]


def test_support_below_the_bar_of_an_authority_is_listed_with_what_it_lacks(reading):
    run = a_run(asked(["candour", "manner"]), {"candour": WEAKLY_AGREED, "manner": WEAKLY_AGREED})

    answer = suggested(run)

    assert [draft["section"] for draft in answer["drafts"]] == ["manner"]
    (below,) = answer["below_bar"]
    assert (below["section"], below["authority"], below["needs"]) == ("candour", "user", 0.65)
    assert below["has"] == pytest.approx(0.642, abs=0.001)


def test_a_weak_question_is_asked_and_listed_below_the_bar(reading):
    run = a_run(asked(["safety"]), {"safety": WEAKLY_AGREED})

    answer = suggested(run)

    assert [each["statement"] for each in answer["questions"]] == ["safety"]
    assert [each["statement"] for each in answer["below_bar"]] == ["safety"]


def test_statements_with_few_or_mixed_votes_become_nothing(reading):
    run = a_run(asked(["candour", "manner"]), {"candour": ((20, 15, 5), (18, 13, 5))})

    answer = suggested(run)

    named = {entry["statement"] for entries in answer.values() for entry in entries}
    assert named == {f"split-{number}" for number in range(4)}


def test_suggesting_again_adds_nothing(reading):
    run = a_run(asked(["candour", "safety"]), {"candour": AGREED, "safety": AGREED})

    first, second = suggested(run), suggested(run)

    assert second == first
    assert reading.scalar(select(func.count()).select_from(Amendment)) == 1


def test_near_duplicates_make_one_draft_in_the_words_of_the_best_supported(reading):
    deliberation = asked(["candour"])
    with transaction() as session:
        for key, text in {
            "weaker": "Feedback should name the one problem that matters most, and not list ten of equal weight.",
            "stronger": "Feedback should name the one problem that matters most instead of ten of equal weight.",
        }.items():
            section = a_section(deliberation.release, "candour")
            a_statement(session, deliberation, key=key, text=text, section_id=section.id)
    run = a_run(
        deliberation, {"candour": AGREED, "weaker": ((35, 4, 1), (31, 4, 1)), "stronger": ((40, 0, 0), (35, 0, 1))}
    )

    drafts = suggested(run)["drafts"]

    assert [(draft["statement"], draft["also"]) for draft in drafts] == [("candour", []), ("stronger", ["weaker"])]
    amendment = reading.get_one(Amendment, drafts[1]["id"])
    assert "instead of ten of equal weight" in amendment.revisions[0].new
    assert [evidence.figures["statement"] for evidence in amendment.evidence] == ["stronger", "weaker"]


def test_responses_to_one_prompt_make_one_example_of_what_is_wanted_and_what_is_not(reading):
    deliberation = asked([])
    with transaction() as session:
        section = a_section(deliberation.release, "candour")
        prompt = a_prompt(session, deliberation, title="A poem", section_id=section.id)
        for key in "ABC":
            response = a_response(session, prompt, key, text=f"Answer {key} to the poem.")
            a_statement(session, deliberation, key=key, prompt_id=prompt.id, response_id=response.id)
    run = a_run(deliberation, {"A": AGREED, "B": REJECTED, "C": DIVIDED})

    answer = suggested(run)

    (draft,) = answer["drafts"]
    assert (draft["kind"], draft["placed"], {draft["statement"], *draft["also"]}) == ("example", "prompt", {"A", "B"})
    written = reading.get_one(Amendment, draft["id"]).revisions[0].new
    assert "**Example**: A poem" in written
    assert "<!-- GOOD -->\nAnswer A to the poem." in written
    assert "<!-- BAD -->\nAnswer B to the poem." in written
    assert "Answer C" not in written


def test_a_rejected_response_alone_is_an_example_of_what_is_not_wanted(reading):
    deliberation = asked([])
    with transaction() as session:
        prompt = a_prompt(session, deliberation, section_id=a_section(deliberation.release, "manner").id)
        response = a_response(session, prompt, text="No.")
        a_statement(session, deliberation, key="curt", prompt_id=prompt.id, response_id=response.id)
    run = a_run(deliberation, {"curt": REJECTED})

    (draft,) = suggested(run)["drafts"]

    written = reading.get_one(Amendment, draft["id"]).revisions[0].new
    assert "<!-- BAD -->\nNo." in written
    assert "GOOD" not in written


def test_an_example_grows_when_another_response_is_judged_later(reading):
    deliberation = asked([])
    with transaction() as session:
        prompt = a_prompt(session, deliberation, section_id=a_section(deliberation.release, "manner").id)
        for key in "AB":
            response = a_response(session, prompt, key, text=f"Answer {key}.")
            a_statement(session, deliberation, key=key, prompt_id=prompt.id, response_id=response.id)
    suggested(a_run(deliberation, {"A": AGREED}))
    later = a_later_run(deliberation, {"B": AGREED})

    (draft,) = suggested(later)["drafts"]

    amendment = reading.get_one(Amendment, draft["id"])
    assert [revision.number for revision in amendment.revisions] == [1, 2]
    assert "Answer B." in amendment.revisions[-1].new


def test_a_statement_placed_elsewhere_leaves_its_first_draft_behind(reading):
    deliberation = asked(["candour"])
    run = a_run(deliberation, {"candour": AGREED})
    (first,) = suggested(run)["drafts"]
    with transaction() as session:
        statement = session.scalars(select(Statement).where(Statement.key == "candour")).one()
        statement.section_id = a_section(deliberation.release, "manner").id

    answer = suggested(run)

    assert [draft["section"] for draft in answer["drafts"]] == ["manner"]
    assert [each["id"] for each in answer["superseded"]] == [first["id"]]
    assert reading.get_one(Amendment, first["id"]).state == State.SUPERSEDED


def test_a_statement_declined_since_the_run_becomes_nothing(reading):
    run = a_run(asked(["candour"]), {"candour": AGREED})
    with transaction() as session:
        session.scalars(select(Statement).where(Statement.key == "candour")).one().moderation = Moderation.DECLINED

    answer = suggested(run)

    assert answer["drafts"] == []


def test_an_approved_amendment_stays_as_it_was_approved(reading):
    run = a_run(asked(["candour"]), {"candour": AGREED})
    (draft,) = suggested(run)["drafts"]
    with transaction() as session:
        session.get_one(Amendment, draft["id"]).state = State.APPROVED

    (again,) = suggested(run)["drafts"]

    assert (again["id"], again["status"]) == (draft["id"], "approved")


def test_a_deliberation_about_no_release_has_nothing_to_amend(reading):
    with transaction() as session:
        deliberation = a_deliberation(session)
        for number in range(4):
            a_statement(session, deliberation, key=f"split-{number}")
    run = a_run(deliberation, {})

    with pytest.raises(Conflict, match="is about no release"):
        suggested(run)


def test_a_prompt_that_a_spec_cannot_hold_is_listed_with_the_reason(reading):
    deliberation = asked([])
    with transaction() as session:
        messages = [{"role": "narrator", "content": "Once.", "attributes": {}}]
        section = a_section(deliberation.release, "manner")
        prompt = a_prompt(session, deliberation, section_id=section.id, messages=messages)
        response = a_response(session, prompt)
        a_statement(session, deliberation, key="odd", prompt_id=prompt.id, response_id=response.id)
    run = a_run(deliberation, {"odd": AGREED})

    (entry,) = suggested(run)["unplaced"]

    assert entry["statement"] == "odd"
    assert "narrator" in entry["reason"]
