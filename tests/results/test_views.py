"""The results page says what the run found, with its own numbers, class by class."""

import dataclasses
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from analysis.result import Analysis, Structure
from deliberation.db.session import transaction
from deliberation.deliberations.models import Deliberation
from deliberation.participants.identity import current_device
from deliberation.participants.models import KnownDevice, Participant
from deliberation.results.models import Run
from deliberation.results.running import run
from deliberation.voting.models import Choice
from tests.builders import a_deliberation, a_participant, a_statement, a_vote
from tests.logging_in import log_in, login_path
from tests.results.deliberated import TEXTS, decline, drawn_marks, listed_marks, recast, stored_runs, words


def test_the_finding_is_the_heading(client: FlaskClient, analysed: str) -> None:
    page = client.get(f"/d/{analysed}/results")

    assert page.status_code == 200
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert heading
    assert heading[1].strip() == "Two of 8 statements hold in every group."


def test_every_class_has_its_place(client: FlaskClient, analysed: str) -> None:
    said = words(client.get(f"/d/{analysed}/results").text)

    for part in (
        "1 agreed on by every group",
        "1 rejected by every group",
        "3 contested between groups",
        "2 not settled yet",
        "1 too few votes",
        "Two ways of seeing it",
        "What every group agrees on",
        "Where groups differ",
        "Not settled yet",
        "One statement with too few votes",
        "All 8 statements on one line",
        "By section of the spec",
        "Where people stand",
        "How this was computed",
    ):
        assert part in said
    for text in TEXTS.values():
        assert text in said


def test_the_numbers_are_those_of_the_run(app: Flask, client: FlaskClient, analysed: str) -> None:
    result = Analysis.from_json(stored_runs(app)[0].result)

    page = client.get(f"/d/{analysed}/results").text

    for statement in result.statements:
        row = re.search(rf'<tr id="statement-{statement.id}">(.*?)</tr>', page, re.DOTALL)
        assert row
        said = words(row[1])
        for tally in (*statement.by_group.values(), statement.everybody):
            if tally.votes:
                share = tally.agree_share
                assert share.value is not None
                interval = f"{round(100 * share.low)}–{round(100 * share.high)}"
                assert f"{round(100 * share.value)}% {interval}, n {tally.votes}" in said


def test_how_the_result_can_be_made_again(app: Flask, client: FlaskClient, analysed: str) -> None:
    (stored,) = stored_runs(app)

    said = words(client.get(f"/d/{analysed}/results").text)

    assert stored.digest in said
    assert stored.code_version in said
    assert "Method latent" in said
    assert "Nothing: all votes are counted." in said


def test_thresholds_are_those_of_the_run(app: Flask, client: FlaskClient, analysed: str) -> None:
    with app.app_context(), transaction() as session:
        changed = stored_runs(app)[0].result.replace('"consensus_overall":0.6,', '"consensus_overall":0.55,')
        session.execute(sa.text("UPDATE run SET result = :result, inputs = 'x'"), {"result": changed})

    said = words(client.get(f"/d/{analysed}/results").text)

    assert "50% in each group, 55% for everyone" in said
    assert "above 55% over everyone" in said


def test_a_changed_vote_moves_its_mark_on_the_map(app: Flask, client: FlaskClient, analysed: str) -> None:
    before = client.get(f"/d/{analysed}/results").text
    recast(app, "7", "3", Choice.DISAGREE)
    with app.app_context():
        run(analysed)

    after = client.get(f"/d/{analysed}/results").text

    was, moved = listed_marks(before)["7"], listed_marks(after)["7"]
    assert moved != was
    assert moved in drawn_marks(after)


def test_the_table_beside_the_map_holds_exactly_its_marks(client: FlaskClient, analysed: str) -> None:
    page = client.get(f"/d/{analysed}/results").text

    drawn, listed = drawn_marks(page), listed_marks(page)

    assert len(drawn) == 70
    assert sorted(drawn, key=str) == sorted(listed.values(), key=str)


def test_a_declined_statement_leaves_the_page_at_once(app: Flask, client: FlaskClient, analysed: str) -> None:
    decline(app, "3")

    page = client.get(f"/d/{analysed}/results").text

    assert TEXTS["3"] not in page
    assert TEXTS["4"] in page
    assert "7 statements" in words(page)


def test_votes_that_came_later_are_said_to_be_missing(app: Flask, client: FlaskClient, analysed: str) -> None:
    recast(app, "7", "3", Choice.DISAGREE)
    recast(app, "8", "3", Choice.DISAGREE)

    assert "2 votes were cast or changed since." in words(client.get(f"/d/{analysed}/results").text)


def test_statements_link_the_section_at_stake(client: FlaskClient, analysed: str) -> None:
    page = client.get(f"/d/{analysed}/results").text

    assert '<a href="/spec/sample#candour">§\u00a0On candour</a>' in page


def test_sections_are_counted_and_one_that_nobody_was_asked_about_says_so(client: FlaskClient, analysed: str) -> None:
    page = client.get(f"/d/{analysed}/results").text

    table = page[page.index("by-section") :]
    assert re.search(r"On candour\s+3\s+1\s+1\s+1\s+·\s+\d+", words(table))
    assert "On manner not asked" in words(table)


def test_people_see_how_they_voted_and_where_they_stand(app: Flask, client: FlaskClient, analysed: str) -> None:
    client.get(f"/d/{analysed}/vote")
    _take_over(app, client, analysed, "7")

    said = words(client.get(f"/d/{analysed}/results").text)

    assert "You agreed" in said
    assert "Where you stand" in said
    assert "You voted on 7 statements and are closest to group A." in said
    assert "closest to you" in said


def test_a_visitor_sees_no_votes_of_anybody(client: FlaskClient, analysed: str) -> None:
    said = words(client.get(f"/d/{analysed}/results").text)

    assert "You agreed" not in said
    assert "closest to you" not in said


def test_without_votes_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        slug = a_deliberation(session).slug

    said = words(client.get(f"/d/{slug}/results").text)

    assert "There is no result yet." in said
    assert "Nobody has voted yet" in said


def test_before_the_first_run_the_page_says_what_waits(client: FlaskClient, deliberated: str) -> None:
    said = words(client.get(f"/d/{deliberated}/results").text)

    assert "There is no result yet." in said
    assert "votes wait to be analysed" in said
    assert "Analyse now" not in said


def test_where_there_are_no_groups_everybody_is_counted_together(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        with transaction() as session:
            deliberation = a_deliberation(session, slug="small")
            statement = a_statement(session, deliberation, text="The assistant should answer.")
            for _ in range(30):
                a_vote(session, a_participant(session, deliberation), statement, Choice.AGREE)
        _store_without_groups("small")

    page = client.get("/d/small/results")

    assert page.status_code == 200
    said = words(page.text)
    assert "The only statement has a clear majority." in said
    assert "There are not enough votes to tell opinion groups apart." in said
    assert "What a clear majority agrees on" in said
    assert "ways of seeing it" not in said
    assert "every group" not in said


@pytest.mark.parametrize("holding", [0, 1])
def test_the_heading_is_true_grammar_for_none_and_one(
    app: Flask, client: FlaskClient, deliberated: str, holding: int
) -> None:
    for key in ("1", "2")[holding:]:
        decline(app, key)
    with app.app_context():
        run(deliberated, "classic")

    said = words(client.get(f"/d/{deliberated}/results").text)

    assert (
        "None of 6 statements holds in every group yet." if not holding else "One of 7 statements holds in every group."
    ) in said


def test_a_closed_deliberation_has_a_final_result(app: Flask, client: FlaskClient, analysed: str) -> None:
    assert "Interim result" in words(client.get(f"/d/{analysed}/results").text)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Deliberation).values(closed_at=Deliberation.opened_at))

    assert "Final result" in words(client.get(f"/d/{analysed}/results").text)


def test_maintainers_find_the_button_and_the_public_does_not(app: Flask, client: FlaskClient, analysed: str) -> None:
    public = client.get(f"/d/{analysed}/results").text
    log_in(client, login_path(app.test_cli_runner()))

    own = client.get(f"/d/{analysed}/results").text

    assert "Analyse now" not in public
    assert "Analyse now" in own


def test_an_unknown_deliberation_is_not_found(client: FlaskClient) -> None:
    assert client.get("/d/nowhere/results").status_code == 404


def _take_over(app: Flask, client: FlaskClient, slug: str, person: str) -> None:
    """Let the browser of `client` be that participant."""
    with client:
        client.get(f"/d/{slug}/results")
        device = current_device()
    assert not device.is_new
    with app.app_context(), transaction() as session:
        deliberation = session.scalars(sa.select(Deliberation).where(Deliberation.slug == slug)).one()
        hash_in = device.hash_in(deliberation.id)
        session.execute(sa.delete(KnownDevice).where(KnownDevice.token_hash == hash_in))
        participant = session.scalars(sa.select(Participant).where(Participant.key == person)).one()
        session.add(KnownDevice(token_hash=hash_in, participant_id=participant.id))


def _store_without_groups(slug: str) -> None:
    """A run whose method found no structure, as methods to come will."""
    found = run(slug)
    with transaction() as session:
        stored = session.get_one(Run, found.id)
        result = Analysis.from_json(stored.result)
        without = dataclasses.replace(
            result,
            groups=(),
            assignments=dict.fromkeys(result.assignments),
            structure=Structure("none", "everybody"),
            statements=tuple(dataclasses.replace(each, by_group={}) for each in result.statements),
        )
        stored.result = without.to_json().decode()
