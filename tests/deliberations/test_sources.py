"""Sample prompts of a release, named so that each can be found again."""

import pytest

from deliberation.deliberations.sources import evaluation_prompt, example_titled, sample_prompts
from deliberation.errors import NotFound
from deliberation.spec.importing import import_release
from tests.spec_releases import a_release


def test_examples_come_first_then_evaluation_prompts(session, tmp_path):
    found = sample_prompts(a_release(session, tmp_path))

    assert [(prompt.source, prompt.title, prompt.section) for prompt in found] == [
        ("example: be_candid/a poem", "a poem", "be_candid"),
        ("example: be_candid/a question", "a question", "be_candid"),
        ("example: do_no_harm/a question", "a question", "do_no_harm"),
        ("evaluation: 7bwp/1", "a clock", "be_candid"),
        ("evaluation: 7bwp/2", "a dish", "be_candid"),
    ]


def test_the_messages_end_where_the_responses_begin(session, tmp_path):
    prompt = example_titled(a_release(session, tmp_path), "a poem")

    assert prompt.messages == [
        {"role": "developer", "content": "You help poets.", "attributes": {}},
        {"role": "user", "content": "Is my poem good?", "attributes": {}},
    ]


@pytest.mark.parametrize("reference", ["7bwp", "7bwp/0", "7bwp/3", "xxxx/1"])
def test_an_evaluation_prompt_that_is_not_there_is_named(session, tmp_path, reference):
    with pytest.raises(NotFound, match=f"has no evaluation prompt '{reference}'"):
        evaluation_prompt(a_release(session, tmp_path), reference)


def test_every_prompt_of_the_real_releases_is_found_by_its_source(session, real_data):
    folders = sorted((real_data / "model-spec").iterdir())
    assert folders
    for folder in folders:
        release = import_release(session, folder / "model_spec.md", folder.name)

        prompts = sample_prompts(release)

        assert prompts
        for prompt in prompts:
            kind, _, reference = prompt.source.partition(": ")
            find = example_titled if kind == "example" else evaluation_prompt
            assert find(release, reference) == prompt
