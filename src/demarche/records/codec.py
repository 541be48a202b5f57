"""JSON in and out, exactly as the contract writes it, and the JSON Schema generated from the types."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from demarche.errors import InputError

__all__ = ["from_json", "json_schema", "to_json"]

T = TypeVar("T")


def _key(field: str) -> str:
    """Python's `from_` is JSON's `from`."""
    return field.rstrip("_")


def to_json(value: Any) -> Any:
    """A record as plain JSON values: dataclasses become objects, tuples arrays, enums their words."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        if "schema" in names:  # the version leads the object
            names.sort(key=lambda name: name != "schema")
        return {_key(name): to_json(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _union(kind: Any) -> tuple[Any, ...] | None:
    """Members of a union but None, or None when `kind` is no union."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return tuple(arg for arg in typing.get_args(kind) if arg is not type(None))
    return None


def from_json(kind: type[T], value: Any, *, where: str = "") -> T:
    """Read a record of type `kind` from plain JSON values.

    Raises:
        InputError: E110 when a field is missing, unknown, or of the wrong type; `where` names the place.
    """
    return typing.cast(T, _read(kind, value, where or kind.__name__))


def _read(kind: Any, value: Any, where: str) -> Any:
    members = _union(kind)
    if members is not None:
        return None if value is None else _read(members[0], value, where)
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, value, where)
    if typing.get_origin(kind) is tuple:
        return _read_tuple(typing.get_args(kind), value, where)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError as error:
            raise InputError("E110", f"{value!r} is no {kind.__name__}", where=where) from error
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InputError("E110", f"expected {kind.__name__}, found {type(value).__name__}", where=where)
    return value


def _read_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise InputError("E110", f"expected a list, found {type(value).__name__}", where=where)
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_read(args[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if len(args) != len(value):
        raise InputError("E110", f"expected {len(args)} items, found {len(value)}", where=where)
    return tuple(_read(arg, item, f"{where}[{i}]") for i, (arg, item) in enumerate(zip(args, value, strict=True)))


def _read_record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise InputError("E110", f"expected an object, found {type(value).__name__}", where=where)
    hints = _hints(kind)
    fields = {_key(field.name): field for field in dataclasses.fields(kind)}
    unknown = set(value) - set(fields)
    if unknown:
        raise InputError("E110", f"unknown field {sorted(unknown)[0]!r}", where=where)
    found: dict[str, Any] = {}
    for key, field in fields.items():
        if key in value:
            found[field.name] = _read(hints[field.name], value[key], f"{where}.{key}")
        elif field.default is dataclasses.MISSING:
            raise InputError("E110", f"missing field {key!r}", where=where)
    return kind(**found)


_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def json_schema(kind: type[Any]) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a record type, with every nested type under `$defs`."""
    definitions: dict[str, Any] = {}
    _schema(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        "$ref": f"#/$defs/{kind.__name__}",
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    members = _union(kind)
    if members is not None:
        return {"anyOf": [*(_schema(member, definitions) for member in members), {"type": "null"}]}
    if dataclasses.is_dataclass(kind):
        return _schema_record(kind, definitions)
    if typing.get_origin(kind) is tuple:
        args = typing.get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return {"type": "array", "items": _schema(args[0], definitions)}
        items = [_schema(arg, definitions) for arg in args]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [member.value for member in kind]}
    return {"type": _SCALARS[kind]}


def _schema_record(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # holds the place while the fields are read
        hints = _hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        definitions[kind.__name__] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().split("\n")[0],
            "properties": {_key(name): _schema(hints[name], definitions) for name in names},
            "required": [_key(name) for name in names],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
