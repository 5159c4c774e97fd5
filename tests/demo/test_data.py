"""The demo's sample content: complete, consistent in itself, and rich enough to show each case of the method."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import deliberation.demo
from analysis.consensus import classify
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters
from deliberation.amendments.evidence_bar import clearance
from deliberation.spec.text.document import Authority, Document, EvaluationPrompt, Label
from deliberation.spec.text.parsing import parse, read_evaluation_prompts

DATA = Path(deliberation.demo.__file__).parent / "data"
# Words that would tie the sample to somebody's real product; whole words, in any case.
REAL_NAMES = (
    *("openai", "chatgpt", "gpt", "anthropic", "claude", "google", "gemini", "deepmind", "microsoft", "copilot"),
    *("meta ai", "llama", "mistral", "grok", "xai", "deepseek", "qwen", "siri", "alexa", "amazon", "facebook"),
)


def _yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def spec() -> Document:
    return parse((DATA / "model_spec.md").read_text("utf-8"), "model_spec.md")


@pytest.fixture(scope="module")
def evaluation_prompts() -> list[EvaluationPrompt]:
    return list(read_evaluation_prompts(DATA / "examples"))


@pytest.fixture(scope="module")
def prompts() -> list[dict[str, Any]]:
    return list(_yaml("deliberation.yaml")["prompts"])


@pytest.fixture(scope="module")
def statements(prompts) -> dict[int, dict[str, Any]]:
    return {each["id"]: each for prompt in prompts for each in prompt["statements"]}


@pytest.fixture(scope="module")
def population() -> dict[str, Any]:
    return dict(_yaml("population.yaml"))


def _authority_at_stake(prompts: list[dict[str, Any]], spec: Document) -> dict[int, Authority | str | None]:
    """The authority of the section that each statement names or has from its prompt; "" where it has none."""
    found: dict[int, Authority | str | None] = {}
    for prompt in prompts:
        for each in prompt["statements"]:
            section = each.get("section", prompt.get("section"))
            found[each["id"]] = spec.section(section).authority if section else ""
    return found


def test_the_spec_has_sections_of_every_authority_and_some_without(spec):
    counts = spec.authority_counts()

    assert all(counts[level] for level in Authority)
    assert counts[None] >= 3
    assert 12 <= sum(counts[level] for level in Authority) <= 14


def test_the_spec_has_examples_with_a_reason_for_every_label(spec):
    assert 8 <= len(spec.examples) <= 14
    for example in spec.examples:
        labelled = [response for comparison in example.comparisons for response in comparison.responses]
        assert {Label.GOOD, Label.BAD} <= {response.label for response in labelled}, example.title
        assert all(response.reason for response in labelled), example.title


def test_the_spec_refers_only_to_sections_that_it_has(spec):
    assert spec.references
    assert [each.target for each in spec.references if not spec.has_section(each.target)] == []


def test_footnotes_and_evaluation_prompts_belong_together(spec, evaluation_prompts):
    marks = {footnote.mark: spec.section(footnote.section_id).title for footnote in spec.footnotes}

    assert {prompt.focus: prompt.section_title for prompt in evaluation_prompts} == marks
    assert 5 <= len(marks) <= 8
    assert all(prompt.messages for prompt in evaluation_prompts)


def test_there_are_ten_prompts_and_sixty_statements(prompts, statements):
    assert len({prompt["id"] for prompt in prompts}) == 10
    assert sum(len(prompt["statements"]) for prompt in prompts) == len(statements) == 60


def test_prompts_are_typed_in_or_taken_from_the_spec(prompts, spec, evaluation_prompts):
    evaluations = {
        f"{each.focus}/{number}"
        for focus in {each.focus for each in evaluation_prompts}
        for number, each in enumerate((e for e in evaluation_prompts if e.focus == focus), start=1)
    }
    titles = Counter(example.title for example in spec.examples)
    sources = Counter(key for prompt in prompts for key in prompt if key in {"messages", "example", "evaluation"})

    assert sources == {"messages": 7, "example": 2, "evaluation": 1}
    assert all(titles[prompt["example"]] == 1 for prompt in prompts if "example" in prompt)
    assert all(prompt["evaluation"] in evaluations for prompt in prompts if "evaluation" in prompt)
    assert all(
        message["role"] in {"system", "developer", "user"} and message["content"].strip()
        for prompt in prompts
        for message in prompt.get("messages", [])
    )


def test_every_section_that_the_deliberation_names_exists(prompts, statements, spec):
    named = [*_yaml("deliberation.yaml")["sections"]]
    named += [each["section"] for each in (*prompts, *statements.values()) if "section" in each]

    assert [name for name in named if not spec.has_section(name)] == []


def test_statements_speak_for_responses_that_their_prompt_has(prompts):
    with_responses = [prompt for prompt in prompts if "responses" in prompt]

    assert len(with_responses) == 3
    for prompt in with_responses:
        keys = [response["id"] for response in prompt["responses"]]
        assert len(set(keys)) == len(keys)
        assert [each["response"] for each in prompt["statements"] if "response" in each] == keys
    assert not any("response" in each for p in prompts if p not in with_responses for each in p["statements"])


def test_statements_are_short_and_all_different(statements):
    texts = [each["text"] for each in statements.values()]

    assert len({text.casefold() for text in texts}) == len(texts)
    assert [text for text in texts if not 10 <= len(text) <= 140] == []


def test_the_groups_shares_add_up_and_every_statement_has_each_groups_probabilities(population, statements):
    groups = population["groups"]

    assert sum(group["share"] for group in groups) == pytest.approx(1)
    assert len({group["share"] for group in groups}) == len(groups) == 3
    assert set(population["statements"]) == set(statements)
    for each in population["statements"].values():
        assert len(each["agree"]) == len(each["disagree"]) == len(groups)
        passes = [1 - agree - disagree for agree, disagree in zip(each["agree"], each["disagree"], strict=True)]
        assert all(0 <= share <= 1 for share in (*each["agree"], *each["disagree"], *passes))


def _expected_counts(population: dict[str, Any]) -> Counts:
    """The number of votes to be expected of each planted group, shape (groups, statements)."""
    plan = population["statements"].values()
    rates = np.array([each.get("rate", 1) for each in plan])
    all_votes = population["participants"] * sum(population["votes_each"]) / 2
    votes = np.outer([group["share"] for group in population["groups"]], all_votes * rates / rates.sum())
    agree, disagree = (np.array([each[way] for each in plan]).T * votes for way in ("agree", "disagree"))
    return Counts(*(np.rint(each).astype(np.int64) for each in (agree, disagree, votes - agree - disagree)))


def _added(counts: Counts) -> Counts:
    return Counts(*(each.sum(axis=0) for each in (counts.agree, counts.disagree, counts.passed)))


def test_each_statement_is_expected_to_come_out_as_planned(population):
    counts = _expected_counts(population)

    classes = classify(_added(counts), counts, Parameters())

    planned = {statement: each["expect"] for statement, each in population["statements"].items()}
    assert dict(zip(planned, map(str, classes), strict=True)) == planned


def test_one_consensus_under_a_developer_section_is_expected_to_stay_below_the_bar(
    population, prompts, statements, spec
):
    everybody = _added(_expected_counts(population))
    lows = dict(zip(population["statements"], wilson(everybody.agree, everybody.votes).low, strict=True))
    authority = _authority_at_stake(prompts, spec)
    agreed = [each for each, row in population["statements"].items() if row["expect"] == "consensus_agree"]

    below = [each for each in agreed if authority[each] and not clearance(lows[each], authority[each]).is_given]

    assert [authority[each] for each in below] == [Authority.DEVELOPER]


def test_the_plan_holds_consensus_for_and_against_contested_and_open_statements(population):
    planned = Counter(each["expect"] for each in population["statements"].values())

    assert 14 <= planned["consensus_agree"] <= 20
    assert 5 <= planned["consensus_disagree"] <= 7
    assert 12 <= planned["contested"] <= 16
    assert 2 <= planned["too_few"] <= 3
    assert planned["uncertain"] >= 10


def test_the_plan_shows_each_case_of_a_suggested_amendment(population, prompts, statements, spec):
    authority = _authority_at_stake(prompts, spec)
    plan = population["statements"]
    agreed = {authority[each] for each, row in plan.items() if row["expect"] == "consensus_agree"}
    rejected = [each for each, row in plan.items() if row["expect"] == "consensus_disagree"]
    examples = [
        authority[each]
        for each, row in plan.items()
        if row["expect"] == "consensus_agree" and "response" in statements[each]
    ]

    # Rules or questions at every level, one under a section that makes no rules, one to be placed by similarity.
    assert agreed == {*Authority, None, ""}
    assert {bool(statements[each].get("response")) for each in rejected} == {True, False}
    assert set(examples) == {Authority.USER, Authority.DEVELOPER, Authority.GUIDELINE}


def test_reasons_belong_to_statements_and_to_votes_that_their_group_casts(population, statements):
    groups = [group["id"] for group in population["groups"]]
    reasons = _yaml("reasons.yaml")

    assert 25 <= len(reasons) <= 40
    assert len({each["text"] for each in reasons}) == len(reasons)
    assert [each["language"] for each in reasons if "language" in each] == ["zh", "zh"]
    for each in reasons:
        assert each["statement"] in statements
        assert population["statements"][each["statement"]][each["vote"]][groups.index(each["group"])] >= 0.02, each


def test_most_consensus_has_dissent_in_its_own_words(population):
    against = {"consensus_agree": "disagree", "consensus_disagree": "agree"}
    reasons = {(each["statement"], each["vote"]) for each in _yaml("reasons.yaml")}
    plan = population["statements"].items()
    consensus = [(each, against[row["expect"]]) for each, row in plan if row["expect"] in against]

    assert sum(each in reasons for each in consensus) >= 0.7 * len(consensus)


def test_nothing_names_a_real_company_or_product():
    names = re.compile(r"\b(" + "|".join(map(re.escape, REAL_NAMES)) + r")\b", re.IGNORECASE)
    files = [file for file in DATA.rglob("*") if file.is_file()]

    assert len(files) >= 9
    assert {file.name: names.findall(file.read_text("utf-8")) for file in files} == {file.name: [] for file in files}
