"""The minority's words beside a consensus."""

import pytest
from sqlalchemy import update

from analysis.pipeline import analyse
from analysis.votes import Votes
from deliberation.amendments.dissenting import MOST_REASONS
from deliberation.amendments.figures import Dissent, Figures, freeze
from deliberation.amendments.models import Amendment
from deliberation.amendments.suggesting import suggest
from deliberation.db.session import transaction
from deliberation.deliberations.models import Statement
from deliberation.results.models import Run
from deliberation.voting.models import Reason
from tests.amendments.scenes import AGREED, DIVIDED, GROUP_A, GROUP_B, REJECTED, a_question, a_run, a_section
from tests.builders import a_prompt, a_response, a_statement

# Of AGREED, the last person of group A and the last two of group B disagree.
AGAINST_IN_A, AGAINST_IN_B = GROUP_A - 1, GROUP_A + GROUP_B - 1


def figures_of(reading, opinions, reasons=(), **columns):
    """The frozen figures of a statement in the user section, as an amendment keeps them."""
    with transaction() as session:
        deliberation = a_question(session)
        section = a_section(deliberation.release, "candour")
        a_statement(session, deliberation, key="x", section_id=section.id, **columns)
    run = a_run(deliberation, {"x": opinions}, reasons)
    with transaction() as session:
        drafts = suggest(session, run).drafts
    return Figures.model_validate(reading.get_one(Amendment, drafts[0]["id"]).evidence[0].figures)


def test_reasons_given_with_votes_against_are_kept_verbatim_with_their_group(reading):
    reasons = [("x", AGAINST_IN_A, "I would *stop* listening.\n"), ("x", 0, "I agree since it is fair.")]

    dissent = figures_of(reading, AGREED, reasons).dissent

    assert [(reason.text, reason.group) for reason in dissent.reasons] == [("I would *stop* listening.\n", "A")]
    assert (dissent.votes, dissent.reasons_given) == (3, 1)


def test_a_reason_without_a_language_is_in_the_deliberations(reading):
    with transaction() as session:
        deliberation = a_question(session, language="de")
        section = a_section(deliberation.release, "candour")
        a_statement(session, deliberation, key="x", section_id=section.id)
    run = a_run(deliberation, {"x": AGREED}, [("x", AGAINST_IN_A, "Nein."), ("x", AGAINST_IN_B, "不。")])
    with transaction() as session:
        session.execute(update(Reason).where(Reason.text == "不。").values(language="zh"))
        (draft,) = suggest(session, run).drafts

    figures = Figures.model_validate(reading.get_one(Amendment, draft["id"]).evidence[0].figures)

    assert [(reason.text, reason.language) for reason in figures.dissent.reasons] == [("Nein.", "de"), ("不。", "zh")]


def test_each_group_comes_to_word_before_one_comes_twice(reading):
    opinions = ((30, 10, 0), (35, 1, 0))
    reasons = [("x", GROUP_A - 1 - number, f"Reason {number} of A.") for number in range(8)]
    reasons.append(("x", AGAINST_IN_B, "The one reason of B."))

    dissent = figures_of(reading, opinions, reasons).dissent

    assert len(dissent.reasons) == MOST_REASONS
    assert dissent.reasons_given == 9
    assert dissent.reasons[1].text == "The one reason of B."


def test_agreement_on_a_rejected_response_is_the_dissent_to_its_rejection(reading):
    with transaction() as session:
        deliberation = a_question(session)
        prompt = a_prompt(session, deliberation, section_id=a_section(deliberation.release, "candour").id)
        response = a_response(session, prompt)
        a_statement(session, deliberation, key="x", prompt_id=prompt.id, response_id=response.id)
    run = a_run(deliberation, {"x": REJECTED}, [("x", 0, "It was kind."), ("x", AGAINST_IN_A, "Far too curt.")])
    with transaction() as session:
        (draft,) = suggest(session, run).drafts

    figures = Figures.model_validate(reading.get_one(Amendment, draft["id"]).evidence[0].figures)

    assert [reason.text for reason in figures.dissent.reasons] == ["It was kind."]
    assert figures.everybody.share == pytest.approx(71 / 76)


def test_a_group_that_leans_the_other_way_is_named_with_what_it_stands_for(reading):
    with transaction() as session:
        deliberation = a_question(session)
        a_statement(session, deliberation, key="x", section_id=a_section(deliberation.release, "candour").id)
    run = a_run(deliberation, {"x": DIVIDED})

    with transaction() as session:
        entry = next(each for each in suggest(session, run).left_open if each["statement"] == "x")

    (against,) = Figures.model_validate(entry["figures"]).dissent.groups
    assert against.id == "B"
    assert "Jokes belong into an answer." in {each.text for each in against.stands_for}


def test_figures_are_those_of_the_run_with_the_rule_in_force(reading):
    figures = figures_of(reading, AGREED, text="Say what you find.")

    assert (figures.text, figures.direction, figures.verdict) == ("Say what you find.", "agree", "consensus_agree")
    assert (figures.everybody.votes, figures.everybody.agree) == (76, 71)
    assert [(group.id, group.count.agree, group.holds_veto) for group in figures.groups] == [
        ("A", 38, True),
        ("B", 33, True),
    ]
    assert figures.rule["consensus_overall"] == 0.6
    assert len(figures.digest) == 64


def figures_with_a_group_of(size):
    """Forty who agree in group A, and a group B of this size that does not."""
    people = range(40 + size)
    votes = Votes.from_arrays(people, ["x"] * len(people), [1] * 40 + [-1] * size)
    analysis = analyse(votes, groups={str(person): "A" if person < 40 else "B" for person in people})
    statement = Statement(key="x", text="Be kind.", language="en")
    dissent = Dissent(votes=size, reasons=[], reasons_given=0, groups=[])
    return freeze(Run(id=1), analysis, statement, "agree", dissent)


def test_of_a_very_small_group_only_its_leaning_is_kept():
    group = figures_with_a_group_of(9).groups[-1]

    assert (group.size, group.count, group.leans) == (None, None, "disagree")


def test_a_group_of_ten_is_counted():
    group = figures_with_a_group_of(10).groups[-1]

    assert (group.size, group.count.disagree) == (10, 10)
