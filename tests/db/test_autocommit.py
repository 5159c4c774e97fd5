"""Single statements past the session: they survive a restart of the server."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.voting.voters import Voter, count, open_deliberation


@pytest.mark.postgres
def test_a_vote_is_stored_though_the_server_has_dropped_all_connections(
    postgres_app: Flask, postgres_server: sa.URL
) -> None:
    voter = Voter(postgres_app, open_deliberation(postgres_app))
    card = voter.look()

    url = postgres_app.config["SQLALCHEMY_ENGINES"]["default"]["url"]
    engine = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        ended = connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": sa.make_url(url).database},
        ).all()
    answer = voter.send(card, "agree")

    assert len(ended) >= 1
    assert answer.status_code == 200
    assert count(postgres_app, "vote") == 1
