"""A deliberation's YAML file, read without surprises: every scalar is text, every key has its line, no aliases."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deliberation.deliberations.definition import Definition, KeyPath, Where
from deliberation.errors import ImportRefused

MOST_BYTES = 2_000_000
_MOST_DEPTH = 20
_TOO_DEEP = f"nested more than {_MOST_DEPTH} levels deep"
# The base loader leaves all scalars as they are written, so that an id may be 1 or 010 and a title "No".
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_definition(path: Path) -> Definition:
    """The deliberation that a file describes. Raises ImportRefused naming file, line and key."""
    if not path.is_file():
        raise ImportRefused("there is no such file", file=str(path), hint="the path of a YAML file")
    if path.stat().st_size > MOST_BYTES:
        raise ImportRefused(f"larger than {MOST_BYTES // 1_000_000} MB", file=str(path))
    return parse_definition(path.read_bytes(), str(path))


def parse_definition(data: bytes, name: str) -> Definition:
    """The deliberation that a file's bytes describe; `name` is what messages call the file. Raises ImportRefused."""
    values, where = _load(_decode(data, name), name)
    try:
        return Definition.model_validate(values).found_in(where)
    except ValidationError as error:
        raise _refusal(error, where) from None


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportRefused("not UTF-8", file=name, line=line, hint="save it as UTF-8") from None


def _load(text: str, name: str) -> tuple[Any, Where]:
    """The file's content as dictionaries, lists and texts, and where each of them stands."""
    try:
        _check_shape(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        # The scanner looks ahead, so on one long line its own limit can be met before ours.
        if "nesting depth" in str(error.problem):
            raise ImportRefused(_TOO_DEEP, file=name, line=line) from None
        raise ImportRefused(f"not YAML: {error.problem}", file=name, line=line) from None
    except yaml.YAMLError as error:
        raise ImportRefused(f"not YAML: {' '.join(str(error).split())}", file=name) from None
    if not isinstance(root, yaml.MappingNode):
        raise ImportRefused("a deliberation is a list of keys and values", file=name, line=1, hint="title: ...")
    lines: dict[KeyPath, int] = {}
    return _plain(root, (), lines, name), Where(name, lines)


def _check_shape(text: str, name: str) -> None:
    """Refuse what would grow or nest without end when it is composed."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise ImportRefused("references (*name) are not read", file=name, line=line, hint="write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MOST_DEPTH:
            raise ImportRefused(_TOO_DEEP, file=name, line=line)


def _plain(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int], name: str) -> Any:
    lines.setdefault(path, _line(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, at), lines, name) for at, each in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise ImportRefused("a key is plain text, not a list or a mapping", file=name, line=line)
        if key.value in values:
            raise ImportRefused(f"the key '{key.value}' is there twice", file=name, line=line)
        lines[(*path, key.value)] = line
        values[key.value] = _plain(value, (*path, key.value), lines, name)
    return values


def _line(part: yaml.Node | yaml.Event) -> int:
    return part.start_mark.line + 1 if part.start_mark else 1


def _refusal(error: ValidationError, where: Where) -> ImportRefused:
    """The first fault as one line, and how many there are."""
    faults = error.errors()
    first = faults[0]
    if first["type"] == "extra_forbidden":
        message = "there is no such key"
    elif first["type"] == "missing":
        message = "is missing"
    else:
        message = first["msg"].removeprefix("Value error, ")
    hint = f"and {len(faults) - 1} more" if len(faults) > 1 else None
    return where.refusal(first["loc"], message, hint)
