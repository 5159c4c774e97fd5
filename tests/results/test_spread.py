"""How far apart the groups stand: the line in each row is the one that decides about groups, or none."""

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from deliberation.db.session import transaction
from tests.results.deliberated import stored_runs, words


def lines(page: str, heading: str) -> set[str]:
    """Where the dotted line stands in the rows under a heading."""
    rows = page.split(f"<h4>{heading}</h4>", 1)[1].split("</ul>", 1)[0]
    assert 'class="c-reach"' in rows
    return set(re.findall(r'class="c-limit" x1="([\d.]+)%"', rows))


def test_the_line_is_that_of_the_groups_mirrored_where_they_reject(
    app: Flask, client: FlaskClient, analysed: str
) -> None:
    with app.app_context(), transaction() as session:
        changed = stored_runs(app)[0].result.replace('"consensus_in_each":0.5,', '"consensus_in_each":0.55,')
        session.execute(sa.text("UPDATE run SET result = :result, inputs = 'x'"), {"result": changed})

    page = client.get(f"/d/{analysed}/results").text

    assert {round(float(at)) for at in lines(page, "Holds in every group")} == {55}
    assert {round(float(at)) for at in lines(page, "Rejected by every group")} == {45}
    assert "at 55% for or against" in words(page)


def test_where_groups_differ_there_is_no_line(client: FlaskClient, analysed: str) -> None:
    assert lines(client.get(f"/d/{analysed}/results").text, "Groups differ") == set()
