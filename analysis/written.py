"""A result's dataclasses as plain JSON values, and back."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from analysis.intervals import Estimate
from analysis.moments import Tally

# What Python reserves or this code calls otherwise, as it is written.
_KEYS = {"passed": "pass", "kind": "class"}


def written(value: Any) -> Any:
    """A value as JSON knows it: estimates with their interval beside them, a tally among its owner's keys."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        # Twelve digits stand on every machine; the last few depend on how it adds up. Adding 0 turns -0 into 0.
        return float(f"{value:.12g}") + 0.0
    if isinstance(value, Mapping):
        return {key: written(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [written(each) for each in value]
    return _written_fields(value) if is_dataclass(value) else value


def read(kind: Any, plain: Any) -> Any:
    """The inverse of `written`: a value of this type. Raises KeyError or TypeError where something is missing."""
    if isinstance(kind, UnionType):
        if plain is None:
            return None
        kind = _fitting(get_args(kind), plain)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(
            **{each.name: _read_field(hints[each.name], each, plain) for each in fields(kind) if _has(plain, each)}
        )
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(read(arguments[0], each) for each in plain)
        return tuple(read(inner, each) for inner, each in zip(arguments, plain, strict=True))
    if get_origin(kind) is Mapping:
        return {key: read(arguments[1], each) for key, each in plain.items()}
    return kind(plain) if isinstance(kind, type) and issubclass(kind, StrEnum) else plain


def _written_fields(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for field in fields(value):
        content, key = getattr(value, field.name), _KEYS.get(field.name, field.name)
        if content is None and field.default is None:
            continue  # a figure that this method does not compute has no place in its result
        if isinstance(content, Tally):
            plain |= _written_fields(content)
        elif isinstance(content, Estimate):
            plain[key] = written(content.value)
            plain[f"{key}_interval"] = written((content.low, content.high))
        else:
            plain[key] = written(content)
    return plain


def _fitting(kinds: tuple[Any, ...], plain: Any) -> Any:
    """Of several types the one whose fields are there."""
    known = [each for each in kinds if each is not NoneType]
    for each in known[:-1]:
        if is_dataclass(each) and _names_all(each, plain):
            return each
    return known[-1]


def _names_all(kind: Any, plain: Mapping[str, Any]) -> bool:
    return all(_KEYS.get(field.name, field.name) in plain for field in fields(kind) if field.default is MISSING)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _has(owner: Mapping[str, Any], field: Field[Any]) -> bool:
    """Whether a field has to be there or is: those that a method does not compute are left out."""
    return field.default is MISSING or _KEYS.get(field.name, field.name) in owner


def _read_field(kind: Any, field: Field[Any], owner: Mapping[str, Any]) -> Any:
    if kind is Tally:
        return read(Tally, owner)
    key = _KEYS.get(field.name, field.name)
    if kind in (Estimate, Estimate | None):
        return Estimate(owner[key], *owner[f"{key}_interval"])
    return read(kind, owner[key])
