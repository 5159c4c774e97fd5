"""The demo's simulated participants: three planted groups, their votes, and the reasons some of them give."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

SEED = 20261123
CHOICES = {"agree": 1, "pass": 0, "disagree": -1}


@dataclass(frozen=True)
class SimulatedReason:
    """Why one of them voted as they did; `participant` counts from 0."""

    participant: int
    statement: str
    text: str
    language: str | None


@dataclass(frozen=True)
class Population:
    """Votes as (participant, statement key, choice), participants counted from 0, in the order they were cast."""

    participants: int
    votes: list[tuple[int, str, int]]
    reasons: list[SimulatedReason]


def simulate(folder: Path) -> Population:
    """The population that population.yaml and reasons.yaml describe: the same one every time."""
    plan = yaml.safe_load((folder / "population.yaml").read_text(encoding="utf-8"))
    wanted = yaml.safe_load((folder / "reasons.yaml").read_text(encoding="utf-8"))
    rng = np.random.default_rng(SEED)
    groups = rng.choice(len(plan["groups"]), size=plan["participants"], p=[group["share"] for group in plan["groups"]])
    votes = [vote for person, group in enumerate(groups) for vote in _votes_of(person, int(group), plan, rng)]
    names = [group["id"] for group in plan["groups"]]
    return Population(plan["participants"], votes, _give_reasons(wanted, votes, [names[group] for group in groups]))


def _votes_of(person: int, group: int, plan: dict[str, Any], rng: np.random.Generator) -> list[tuple[int, str, int]]:
    keys = list(plan["statements"])
    rates = np.array([plan["statements"][key].get("rate", 1.0) for key in keys])
    fewest, most = plan["votes_each"]
    shown = rng.choice(len(keys), size=rng.integers(fewest, most + 1), replace=False, p=rates / rates.sum())
    return [(person, str(keys[index]), _vote(plan["statements"][keys[index]], group, rng)) for index in shown]


def _vote(statement: dict[str, Any], group: int, rng: np.random.Generator) -> int:
    drawn, agree, disagree = rng.random(), statement["agree"][group], statement["disagree"][group]
    if drawn < agree:
        return 1
    return -1 if drawn < agree + disagree else 0


def _give_reasons(
    wanted: list[dict[str, Any]], votes: list[tuple[int, str, int]], groups: list[str]
) -> list[SimulatedReason]:
    """Each reason goes to the first member of its group who cast that vote and has given none on the statement yet."""
    given: set[tuple[int, str]] = set()
    reasons = []
    for reason in wanted:
        statement, choice = str(reason["statement"]), CHOICES[reason["vote"]]
        person = next(
            who
            for who, key, value in votes
            if key == statement and value == choice and groups[who] == reason["group"] and (who, key) not in given
        )
        given.add((person, statement))
        reasons.append(SimulatedReason(person, statement, reason["text"], reason.get("language")))
    return reasons
