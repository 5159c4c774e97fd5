"""Statements speak of "answer B", so the answer in the situation says that it is B."""

from flask import Flask

from deliberation.db.session import transaction
from tests.builders import a_deliberation, a_prompt, a_response, a_statement


def test_a_candidate_answer_carries_the_key_by_which_statements_name_it(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        deliberation = a_deliberation(session, slug="answers")
        response = a_response(session, a_prompt(session, deliberation), key="B", text="Nearly.")
        words = "Answer B is a good default."
        a_statement(session, deliberation, text=words, prompt_id=response.prompt_id, response_id=response.id)

    page = app.test_client().get("/d/answers/vote").text

    assert 'Assistant · answer B</span> <span lang="en" dir="auto" data-user-text>Nearly.</span>' in page
