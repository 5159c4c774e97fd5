"""What a Polis server answered about a conversation: its votes, its moderation and its own results."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from analysis.classic import opinion_table
from analysis.space import OpinionSpace
from analysis.votes import Votes


@dataclass(frozen=True)
class Server:
    """A folder of `polis-math`. math: the server's results as it sent them, ids as numbers."""

    folder: Path

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text())

    @cached_property
    def math(self) -> dict[str, Any]:
        return self._read("math-pca2")

    @cached_property
    def events(self) -> list[tuple[int, int, int, float]]:
        """Participant, statement, vote, time; the keys differ between versions of the server."""
        return [
            (
                row.get("participant_id", row.get("pid")),
                row.get("statement_id", row.get("tid")),
                row["vote"],
                float(row["modified"]),
            )
            for row in self._read("votes")
        ]

    @cached_property
    def votes(self) -> Votes:
        participants, statements, values, times = zip(*self.events, strict=True)
        return Votes.from_arrays(participants, statements, values, times=times)

    @cached_property
    def agree_counts(self) -> dict[str, int]:
        return {str(row.get("statement_id", row.get("tid"))): row["agree_count"] for row in self._read("comments")}

    @cached_property
    def removed(self) -> list[str]:
        """Statements that the server sets to zero: moderated out, or about the participants."""
        return [str(each) for each in self.math["mod-out"]]

    @cached_property
    def table(self) -> np.ndarray:
        return opinion_table(self.votes, np.isin(self.votes.statements, self.removed))

    @cached_property
    def components(self) -> np.ndarray:
        """The server's components, in the order of our statements, agreement counted as 1."""
        order = [self.math["tids"].index(int(each)) for each in self.votes.statements]
        return -np.array(self.math["pca"]["comps"])[:, order]

    @cached_property
    def positions(self) -> np.ndarray:
        """Our positions, mirrored so that our components point where the server's do."""
        space = OpinionSpace().fit(self.table)
        mirrored = np.sign((space.components_ * self.components).sum(axis=1))
        return space.transform(self.table) * mirrored

    @cached_property
    def groups(self) -> dict[str, int]:
        """The server's group of each participant that it grouped."""
        bases = dict(zip(self.math["base-clusters"]["id"], self.math["base-clusters"]["members"], strict=True))
        return {
            str(participant): group["id"]
            for group in self.math["group-clusters"]
            for base in group["members"]
            for participant in bases[base]
        }

    @cached_property
    def members(self) -> np.ndarray:
        """The server's groups as our steps take them; those of participants whose votes were not sent are left out."""
        return np.array([self.groups.get(each, -1) for each in self.votes.participants])

    @cached_property
    def base_members(self) -> list[np.ndarray]:
        """The rows of the participants in each of the server's base clusters."""
        told = (set(map(str, members)) for members in self.math["base-clusters"]["members"])
        rows = (np.flatnonzero([each in members for each in self.votes.participants]) for members in told)
        return [each for each in rows if len(each)]

    @property
    def number(self) -> int:
        return len(self.math["group-clusters"])
