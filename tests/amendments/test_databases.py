"""Suggesting and exporting on each database."""

from deliberation.amendments.exporting import export
from deliberation.amendments.suggesting import latest_suggestion, suggest
from deliberation.db.session import db, transaction
from deliberation.deliberations.models import Deliberation
from deliberation.results.running import latest
from tests.amendments.scenes import one_of_each


def test_the_same_is_drafted_once_and_leaves_in_order(any_app):
    with any_app.app_context():
        deliberation_id = one_of_each().id
        with transaction() as session:
            again = suggest(session, latest(session, deliberation_id))
        deliberation = db.session.get_one(Deliberation, deliberation_id)
        kept = latest_suggestion(db.session, deliberation)
        exported = export(db.session, deliberation, with_drafts=True)

    assert again == kept
    assert [draft["section"] for draft in again.drafts] == ["candour", "candour", "manner"]
    assert [amendment["file"] for amendment in exported.amendments] == [
        "0001-candour.patch",
        "0002-candour.patch",
        "0003-manner.patch",
    ]
