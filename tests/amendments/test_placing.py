"""Which section a statement belongs to."""

import csv
from pathlib import Path

import pytest
import yaml

from deliberation.amendments.placing import place
from deliberation.deliberations.models import DeliberationSection
from deliberation.spec.importing import import_release
from deliberation.spec.reading import document_of
from tests.amendments.scenes import a_question, a_release, a_section
from tests.builders import a_deliberation, a_prompt, a_statement

TOPICS = yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text(encoding="utf-8"))


def placed(session, deliberation, statement):
    return place([statement], deliberation, document_of(deliberation.release))[statement.id]


def test_a_section_chosen_by_hand_comes_before_the_prompts(session):
    deliberation = a_question(session)
    prompt = a_prompt(session, deliberation, section=a_section(deliberation.release, "manner"))
    section = a_section(deliberation.release, "candour")
    statement = a_statement(session, deliberation, prompt=prompt, section=section)

    placement = placed(session, deliberation, statement)

    assert (placement.section, placement.placed, placement.score) == (section, "by hand", None)


def test_the_prompts_section_comes_before_the_nearest_one(session):
    deliberation = a_question(session)
    prompt = a_prompt(session, deliberation, section=a_section(deliberation.release, "manner"))
    statement = a_statement(session, deliberation, prompt=prompt, text="It names the weakest point of a draft.")

    placement = placed(session, deliberation, statement)

    assert (placement.section.key, placement.placed) == ("manner", "prompt")


def test_without_either_the_nearest_section_is_proposed_with_its_score(session):
    deliberation = a_question(session)
    statement = a_statement(session, deliberation, text="The assistant should name the weakest point of a draft first.")

    placement = placed(session, deliberation, statement)

    assert (placement.section.key, placement.placed) == ("candour", "similarity")
    assert 0.24 <= placement.score <= 1


def test_a_statement_near_to_no_section_stays_unplaced_with_the_nearest(session):
    deliberation = a_question(session)
    statement = a_statement(session, deliberation, text="Taxis need a licence of their own in every city.")

    placement = placed(session, deliberation, statement)

    assert placement.section is None
    assert placement.score < 0.24
    assert "no section is near enough" in placement.reason


def test_a_word_in_common_does_not_place_a_statement_of_another_language(session):
    release = a_release(session, "# Taxis {#taxis authority=user}\n\nUber and other services are named as they are.\n")
    deliberation = a_deliberation(session, release=release, language="zh")
    statement = a_statement(session, deliberation, text="Uber 應該和計程車遵守相同的法規，並且替乘客投保。")

    placement = placed(session, deliberation, statement)

    assert placement.section is None


def test_two_sections_equally_near_are_left_to_a_person(session):
    twin = "The assistant names the weakest point of a draft.\n"
    spec = f"# One {{#one authority=user}}\n\n{twin}\n# Two {{#two authority=user}}\n\n{twin}"
    deliberation = a_deliberation(session, release=a_release(session, spec))
    statement = a_statement(session, deliberation, text="The assistant names the weakest point of a draft.")

    placement = placed(session, deliberation, statement)

    assert placement.section is None
    assert "nearly as near" in placement.reason


def test_only_the_sections_at_stake_and_those_below_them_are_compared(session):
    spec = (
        "# Letters {#letters}\n\n## Tone {#tone authority=user}\n\nLetters are kind.\n\n"
        "# Drafts {#drafts authority=user}\n\nThe assistant names the weakest point of a draft.\n"
    )
    deliberation = a_deliberation(session, release=a_release(session, spec))
    section = a_section(deliberation.release, "letters")
    session.add(DeliberationSection(deliberation_id=deliberation.id, section_id=section.id))
    session.flush()
    session.refresh(deliberation)
    at_stake = a_statement(session, deliberation, text="Letters should be kind.")
    elsewhere = a_statement(session, deliberation, text="The assistant names the weakest point of a draft.")

    found = place([at_stake, elsewhere], deliberation, document_of(deliberation.release))

    assert found[at_stake.id].section.key == "tone"
    assert found[elsewhere.id].section is None


def test_a_section_without_authority_is_named_but_not_taken(session):
    deliberation = a_question(session)
    section = a_section(deliberation.release, "conduct")
    statement = a_statement(session, deliberation, section=section)

    placement = placed(session, deliberation, statement)

    assert (placement.section, placement.nearest) == (None, section)
    assert "carries no authority" in placement.reason


@pytest.fixture
def real_deliberation(session, real_data):
    release = import_release(session, real_data / "model-spec" / "2025-12-18", "2025-12-18")
    return a_deliberation(session, release=release)


def placed_texts(session, deliberation, texts):
    statements = [a_statement(session, deliberation, text=text) for text in texts]
    found = place(statements, deliberation, document_of(deliberation.release))
    return [found[statement.id] for statement in statements]


def test_statements_on_a_real_specs_topics_are_placed_rightly_or_not_at_all(session, real_deliberation):
    found = placed_texts(session, real_deliberation, [text for text, _ in TOPICS])

    right = [each.section.key in keys for each, (_, keys) in zip(found, TOPICS, strict=True) if each.section]
    assert len(right) >= 8
    assert sum(right) / len(right) >= 0.8


def test_real_statements_on_other_topics_stay_unplaced(session, real_data, real_deliberation):
    shares = {}
    for folder in sorted((real_data / "polis-open-data").iterdir()):
        with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
            texts = [row["comment-body"] for row in csv.DictReader(file)]
        found = placed_texts(session, real_deliberation, texts)
        shares[folder.name] = sum(each.section is not None for each in found) / len(found)

    assert shares["vtaiwan.uberx"] == 0
    assert max(shares.values()) <= 0.03
