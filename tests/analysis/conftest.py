"""Fixtures of the analysis: a Polis server's answers, one test for every conversation that is found."""

import os
from pathlib import Path

import pytest

from tests.analysis.polis_server import Server

_BESIDE_THE_CHECKOUT = Path(__file__).parents[3] / "shared" / "data"
_REAL_DATA = Path(os.environ.get("DELIBERATION_TEST_DATA") or _BESIDE_THE_CHECKOUT)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        found = sorted(_REAL_DATA.glob("polis-math/*/math-pca2.json"))
        missing = pytest.param(None, marks=pytest.mark.skip(f"no answers of a Polis server in {_REAL_DATA}"))
        conversations = [pytest.param(Server(path.parent), id=path.parent.name) for path in found]
        metafunc.parametrize("server", conversations or [missing], scope="session")


@pytest.fixture(scope="session")
def servers(real_data: Path) -> list[Server]:
    """Every conversation with a Polis server's answers."""
    return [Server(path.parent) for path in sorted(real_data.glob("polis-math/*/math-pca2.json"))]
