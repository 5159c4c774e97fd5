"""Every route declares what it requires, and the guard enforces it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.web.permissions import Permission

OPEN = {Permission.PUBLIC, Permission.TAKE_PART}


def _views(app: Flask) -> dict[str, object]:
    return {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()} | {}


def test_every_route_declares_a_permission(app: Flask) -> None:
    undeclared = [name for name, view in _views(app).items() if name != "static" and not hasattr(view, "permission")]

    assert undeclared == []


def test_maintainers_addresses_are_closed_to_the_public(app: Flask) -> None:
    open_ones = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/maintain") and app.view_functions[rule.endpoint].permission in OPEN  # type: ignore[attr-defined]
    ]

    assert open_ones == []


def test_a_route_without_a_permission_is_refused(app: Flask) -> None:
    app._got_first_request = False  # a route added late, as a careless change would
    app.add_url_rule("/careless", "careless", lambda: "open to all")

    response = app.test_client().get("/careless")

    assert response.status_code == 403


def test_a_reading_permission_never_changes_anything(app: Flask) -> None:
    reading = {Permission.ENTER, Permission.READ_ALL}
    changing = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        and getattr(app.view_functions[rule.endpoint], "permission", None) in reading
    ]

    assert changing == []


def test_every_list_is_a_table_and_json_too(app: Flask) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    found = {address.rpartition(".")[0] for address in addresses if address.endswith((".csv", ".json"))}

    lacking = {f"{address}{end}" for address in found for end in (".csv", ".json")} - addresses

    # One amendment is no list.
    assert lacking == {"/amendments/<int:amendment_id>.csv"}


@pytest.mark.parametrize("header", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, header: str) -> None:
    for address in ("/", "/no-such-page", "/maintain", "/healthz", "/static/app.css"):
        assert header in client.get(address).headers


def test_the_policy_allows_no_inline_code(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
