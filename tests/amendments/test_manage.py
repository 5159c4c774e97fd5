"""The workbench's page of amendments: suggesting, the lists, the downloads."""

import csv
import io
import json
import zipfile
from collections import Counter

import pytest

from deliberation.amendments.models import Amendment
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Statement
from tests.amendments.scenes import AGREED, a_question, a_run, one_of_each, some_drafts
from tests.builders import a_deliberation
from tests.logging_in import csrf_token, log_in, login_path

PAGE = "/maintain/d/conduct/amendments"


@pytest.fixture
def maintainer(app, client):
    log_in(client, login_path(app.test_cli_runner()))
    return client


@pytest.fixture
def suggested(app):
    with app.app_context():
        return one_of_each().slug


@pytest.fixture
def analysed(app):
    """A deliberation with a result and no suggestions."""
    with app.app_context():
        with transaction() as session:
            deliberation = a_question(session, slug="conduct")
            some_drafts(session, deliberation, {"candour": ["Name the weakest point."]})
        a_run(deliberation, {"candour-0": AGREED})


def test_the_button_suggests_and_comes_back_to_the_list(app, maintainer, analysed):
    answer = maintainer.post("/maintain/d/conduct/suggestions", data={"csrf_token": csrf_token(maintainer, PAGE)})

    page = maintainer.get(PAGE).text
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "One amendment stands." in page
    assert "Name the weakest point.</a>" in page


def test_pressing_twice_drafts_once(app, maintainer, analysed):
    for _ in range(2):
        maintainer.post("/maintain/d/conduct/suggestions", data={"csrf_token": csrf_token(maintainer, PAGE)})

    with app.app_context():
        assert db.session.query(Amendment).count() == 1


def test_without_an_analysis_the_button_says_why_it_is_blocked(app, maintainer):
    with app.app_context(), transaction() as session:
        a_question(session, slug="conduct")

    page = maintainer.get(PAGE).text

    assert "disabled" in page
    assert "The votes have not been analysed yet." in page


def test_without_a_release_there_is_nothing_to_amend(app, maintainer):
    with app.app_context(), transaction() as session:
        a_deliberation(session, slug="conduct")

    assert "This deliberation is about no release of a spec." in maintainer.get(PAGE).text


def test_the_page_lists_what_became_of_each_finding(maintainer, suggested):
    page = maintainer.get(PAGE).text

    headings = ["3 amendments", "Questions to you", "Below the evidence bar", "Unplaced", "Rejected by the public"]
    places = [page.index(heading) for heading in [*headings, "Left open"]]
    assert places == sorted(places)
    assert "Say *what* was &lt;b&gt;not&lt;/b&gt; checked." in page
    assert "needs 65%, has 64.2%" in page


def test_a_declined_statement_leaves_every_list(app, maintainer, suggested):
    with app.app_context(), transaction() as session:
        for key in ("safety-0", "manner-0"):
            session.query(Statement).filter_by(key=key).one().moderation = "declined"

    page = maintainer.get(PAGE).text

    assert "Danger comes first." not in page
    assert "回答应当简短。" not in page


def test_the_lists_are_json_at_their_address(maintainer, suggested):
    answer = json.loads(maintainer.get(f"{PAGE}.json").data)

    assert {name: len(entries) for name, entries in answer.items()} == {
        "drafts": 3,
        "questions": 1,
        "rejected": 1,
        "left_open": 4,
        "below_bar": 1,
        "unplaced": 1,
        "superseded": 0,
    }


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("amendments.mbox", "application/mbox"),
        ("amendments.md", "text/markdown"),
        ("amendments.json", "application/json"),
        ("0001-candour.patch", "text/x-patch"),
    ],
)
def test_each_file_of_the_export_can_be_downloaded(maintainer, suggested, name, mimetype):
    file = maintainer.get(f"{PAGE}/export/{name}?drafts=1")

    assert (file.status_code, file.mimetype) == (200, mimetype)
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_archive_holds_the_whole_export(maintainer, suggested):
    data = maintainer.get(f"{PAGE}/export/amendments.zip?drafts=1").data

    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len([name for name in names if name.endswith(".patch")]) == 3
    assert {"amendments.mbox", "amendments.md", "amendments.json"} <= set(names)
    assert maintainer.get(f"{PAGE}/export/amendments.zip?drafts=1").data == data


@pytest.mark.parametrize("name", ["nothing.md", "../amendments.md", "0009-x.patch"])
def test_a_file_that_the_export_has_not_is_not_found(maintainer, suggested, name):
    assert maintainer.get(f"{PAGE}/export/{name}").status_code == 404


def test_the_public_is_sent_to_the_login_page(client, suggested):
    assert client.get(PAGE).status_code == 302
    assert client.get(f"{PAGE}/export/amendments.md").status_code == 302


@pytest.mark.parametrize(("role", "status"), [("moderator", 403), ("auditor", 403), ("reviewer", 303), ("owner", 303)])
def test_only_those_who_draft_may_suggest(app, client, suggested, role, status):
    log_in(client, login_path(app.test_cli_runner(), role))

    answer = client.post("/maintain/d/conduct/suggestions", data={"csrf_token": csrf_token(client, "/maintain")})

    assert answer.status_code == status


def test_what_became_of_each_statement_is_a_table_too(maintainer, suggested):
    rows = list(csv.DictReader(io.StringIO(maintainer.get(f"{PAGE}.csv").text.removeprefix("\ufeff"))))

    answer = json.loads(maintainer.get(f"{PAGE}.json").data)
    assert Counter(row["outcome"] for row in rows) == {name: len(found) for name, found in answer.items() if found}
    assert {row["id"] for row in rows if row["outcome"] == "drafts"} == {str(each["id"]) for each in answer["drafts"]}
    assert all(row["statement"] for row in rows)
