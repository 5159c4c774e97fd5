"""Analysis: the frozen result of a run, to and from JSON "analysis/1"."""

import json
from collections.abc import Callable, Container, ItemsView, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from analysis.classic import BoolArray
from analysis.consensus import Judgement, PolisConsensus, StatementClass
from analysis.intervals import Estimate
from analysis.moments import Tally
from analysis.representativeness import Representative
from analysis.votes import IntArray

SCHEMA = "analysis/1"

Own_co = TypeVar("Own_co", covariant=True)

# What Python reserves or this code calls otherwise, as it is written.
_KEYS = {"passed": "pass", "kind": "class"}


@dataclass(frozen=True)
class Participants:
    """How many voted, and how many of them are in a group."""

    total: int
    grouped: int


@dataclass(frozen=True)
class Structure:
    """Whether there are groups at all, and what the classes of statements rest on."""

    verdict: str
    classes_by: str


@dataclass(frozen=True)
class Group:
    """An opinion group; one that holds no veto is named as dissent and decides nothing."""

    id: str
    label: str
    size: int
    holds_veto: bool
    representative: tuple[Representative, ...]


@dataclass(frozen=True)
class Statement:
    """A statement with the votes of everybody and of each group, and what they say of it.

    A meta statement is about the participants themselves: it is never consensus, and shapes no group.
    """

    id: str
    text: str | None
    meta: bool
    everybody: Tally
    by_group: Mapping[str, Tally]
    kind: StatementClass
    consensus_agree: Estimate
    consensus_disagree: Estimate
    group_aware_consensus: Estimate


class OfParticipants(Mapping[str, Own_co], Generic[Own_co]):
    """What each participant has, by their id; made when it is first looked at, since there may be millions.

    ids: each participant's. values: makes the values, in the order of the ids.
    """

    def __init__(self, ids: Sequence[str], values: Callable[[], Sequence[Own_co]]) -> None:
        self._ids, self._values = ids, values

    @cached_property
    def _by_id(self) -> dict[str, Own_co]:
        return dict(zip(self._ids, self._values(), strict=True))

    def __getitem__(self, id: str) -> Own_co:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __repr__(self) -> str:
        return repr(self._by_id)

    def items(self) -> ItemsView[str, Own_co]:
        return self._by_id.items()


@dataclass(frozen=True)
class Analysis:
    """All that a run found out. Ids are text, lists are sorted by id, shares are of all votes, passes included.

    assignments: each participant's group, or None. positions: each participant's place in the opinion space.
    stability: the share of resamples that leave a participant in their group; the classic method computes none.
    """

    method: str
    parameters: Mapping[str, Any]
    digest: str
    participants: Participants
    structure: Structure
    groups: tuple[Group, ...]
    assignments: Mapping[str, str | None]
    positions: Mapping[str, tuple[float, float]]
    stability: Mapping[str, float]
    statements: tuple[Statement, ...]
    polis_consensus: PolisConsensus

    def statement(self, id: str) -> Statement:
        """The statement with this id. Raises KeyError where the result lists none."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Statement]:
        return {each.id: each for each in self.statements}

    def to_json(self) -> bytes:
        """One JSON object, keys sorted, UTF-8, a line: the same bytes for the same votes."""
        written = {"schema": SCHEMA, **_written(self)}
        text = json.dumps(written, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes | str) -> "Analysis":
        """The result as `to_json` wrote it. Raises ValueError for anything else."""
        written = json.loads(text)
        if not isinstance(written, dict) or written.get("schema") != SCHEMA:
            raise ValueError(f"this is no {SCHEMA}: its schema is not named so")
        try:
            analysis: Analysis = _read(cls, written)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this {SCHEMA} is not complete: {error!r}") from error
        return analysis


def describe_groups(
    letters: Sequence[str], sizes: IntArray, veto: BoolArray, representatives: Sequence[Sequence[Representative]]
) -> tuple[Group, ...]:
    """The groups from one value of each for every group."""
    rows = zip(letters, sizes.tolist(), veto.tolist(), representatives, strict=True)
    return tuple(Group(letter, f"Group {letter}", size, holds, tuple(own)) for letter, size, holds, own in rows)


def describe_statements(
    ids: Sequence[str],
    judgements: Sequence[Judgement],
    *,
    texts: Mapping[str, str],
    meta: Container[str],
    everybody: Sequence[Tally],
    by_group: Mapping[str, Sequence[Tally]],
) -> tuple[Statement, ...]:
    """The statements from one value of each for every statement; texts and meta by id, by_group by letter."""
    return tuple(
        Statement(
            id=each,
            text=texts.get(each),
            meta=each in meta,
            everybody=everybody[at],
            by_group={letter: own[at] for letter, own in by_group.items()},
            **vars(judgements[at]),
        )
        for at, each in enumerate(ids)
    )


def _written(value: Any) -> Any:
    """A value as JSON knows it: estimates with their interval beside them, a tally among its owner's keys."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        # Twelve digits stand on every machine; the last few depend on how it adds up. Adding 0 turns -0 into 0.
        return float(f"{value:.12g}") + 0.0
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_written(each) for each in value]
    return _written_fields(value) if is_dataclass(value) else value


def _written_fields(value: Any) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for field in fields(value):
        content, key = getattr(value, field.name), _KEYS.get(field.name, field.name)
        if content is None and field.default is None:
            continue  # a figure that this method does not compute has no place in its result
        if isinstance(content, Tally):
            written |= _written_fields(content)
        elif isinstance(content, Estimate):
            written[key] = _written(content.value)
            written[f"{key}_interval"] = _written((content.low, content.high))
        else:
            written[key] = _written(content)
    return written


def _read(kind: Any, written: Any) -> Any:
    """The inverse of `_written`: a value of this type."""
    if isinstance(kind, UnionType):
        kind = _without_none(kind)
        if written is None:
            return None
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(
            **{each.name: _read_field(hints[each.name], each, written) for each in fields(kind) if _has(written, each)}
        )
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        inner = arguments[0] if arguments[-1] is Ellipsis else Any
        return tuple(_read(inner, each) for each in written)
    if get_origin(kind) is Mapping:
        return {key: _read(arguments[1], each) for key, each in written.items()}
    return kind(written) if isinstance(kind, type) and issubclass(kind, StrEnum) else written


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _has(owner: Mapping[str, Any], field: Field[Any]) -> bool:
    """Whether a field has to be there or is: those that a method does not compute are left out."""
    return field.default is MISSING or _KEYS.get(field.name, field.name) in owner


def _without_none(kind: UnionType) -> Any:
    """The type itself, of a type that may be None."""
    (only,) = (each for each in get_args(kind) if each is not NoneType)
    return only


def _read_field(kind: Any, field: Field[Any], owner: Mapping[str, Any]) -> Any:
    if kind is Tally:
        return _read(Tally, owner)
    key = _KEYS.get(field.name, field.name)
    if kind in (Estimate, Estimate | None):
        return Estimate(owner[key], *owner[f"{key}_interval"])
    return _read(kind, owner[key])
