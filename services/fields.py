"""Commands, and how their fields are checked: the values of `events.vocabulary` read by pydantic, mistake by mistake.

A command is a pydantic model; `Wire[Party]` reads a value of the shared language from lowerCamelCase JSON, so that the
words of facts and commands are defined once.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin
from unicodedata import is_normalized

import msgspec
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel, to_snake
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from stdnum.be import vat

from events import times
from events.canonical import SAFE_INTEGER
from events.times import Deadline
from events.vocabulary import Clear, Sealed

T = TypeVar("T")

EARLIEST_YEAR, LATEST_YEAR = times.FIRST_YEAR, 2999


class Command(BaseModel):
    """What somebody asks for. Strict: unknown fields, wrong types and text outside NFC are mistakes.

    The class name in kebab case is the command's name on the wire.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        # A mistake names its place; what stood there may be personal and must not reach a log line.
        hide_input_in_errors=True,
    )
    command_name: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.command_name = to_snake(cls.__name__).replace("_", "-")


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("no_such_day", "the calendar has no such day") from error
    _within_reach(day)
    return text


def _within_reach(day: date) -> None:
    # Terms are reckoned from days: at the ends of the calendar, and where years have fewer digits, reckoning fails.
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise PydanticCustomError("year_out_of_reach", "the year lies outside 1971 to 2999")


# The same organisations speak again and again; a number is no person's.
_valid_kbo = lru_cache(maxsize=1_024)(vat.is_valid)


def _kbo(text: str) -> str:
    if not _valid_kbo(text):
        raise PydanticCustomError("kbo_checksum", "the check digits of this KBO number are wrong")
    return text


def _nfc(text: str) -> str:
    if not is_normalized("NFC", text):
        raise PydanticCustomError("not_nfc", "the text is not in Unicode form NFC")
    return text


def _deadline(value: dict[str, str]) -> Deadline:
    _within_reach(date(int(value["local"][:4]) or 1, 1, 1))
    try:
        return times.deadline(value["local"], value.get("zone", times.BRUSSELS))
    except times.NoSuchTime as error:
        raise PydanticCustomError("no_such_time", "{reason}", {"reason": str(error)}) from error


_CHECKS: dict[str, Callable[[str], str]] = {"day": _day, "kbo": _kbo}


class _FromVocabulary:
    """Tells pydantic how to read a msgspec Struct, or a constrained value of the shared language.

    It keeps the whole type: `Annotated` inside `Annotated` is flattened, so pydantic would hand in the bare `int` or
    `str` and the bounds would be lost.
    """

    def __init__(self, source: Any) -> None:
        self._source = source

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return _schema(self._source)


def _schema(source: Any) -> CoreSchema:
    origin = get_origin(source)
    if origin is Annotated:
        base, *notes = get_args(source)
        return _constrained(base, [note for note in notes if isinstance(note, msgspec.Meta)])
    if origin is Literal:
        return core_schema.literal_schema(list(get_args(source)))
    if origin is list:
        return core_schema.list_schema(_schema(get_args(source)[0]), strict=True)
    if origin in (Union, types.UnionType):
        return _optional(get_args(source))
    if source is Deadline:
        return _deadline_schema()
    if isinstance(source, type) and issubclass(source, msgspec.Struct):
        return _struct(source)
    return _constrained(source, [])


def _optional(options: tuple[Any, ...]) -> CoreSchema:
    rest = [option for option in options if option is not type(None)]
    if len(rest) != 1 or {Clear, Sealed} & set(rest):
        raise TypeError(f"{options} cannot be read from outside")
    return core_schema.nullable_schema(_schema(rest[0]))


def _constrained(base: Any, notes: list[msgspec.Meta]) -> CoreSchema:
    if base is bool:
        return core_schema.bool_schema(strict=True)
    if base is int:
        low = next((note.ge for note in notes if note.ge is not None), -SAFE_INTEGER)
        high = next((note.le for note in notes if note.le is not None), SAFE_INTEGER)
        return core_schema.int_schema(strict=True, ge=int(low), le=int(high))
    if base is not str:
        raise TypeError(f"{base} cannot be read from outside")
    text: CoreSchema = core_schema.str_schema(
        strict=True,
        pattern=next((note.pattern for note in notes if note.pattern), None),
        min_length=next((note.min_length for note in notes if note.min_length is not None), None),
        max_length=next((note.max_length for note in notes if note.max_length is not None), 20_000),
    )
    for test in (_nfc, *(_CHECKS[note.extra["check"]] for note in notes if note.extra)):
        text = core_schema.no_info_after_validator_function(test, text)
    return text


def _deadline_schema() -> CoreSchema:
    text = core_schema.str_schema(strict=True, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
    fields = {
        "local": core_schema.typed_dict_field(text),
        "zone": core_schema.typed_dict_field(core_schema.literal_schema([times.BRUSSELS]), required=False),
        # A deadline that was already read carries its UTC instant; it is derived again, never believed.
        "utc": core_schema.typed_dict_field(core_schema.str_schema(), required=False),
    }
    shape = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
    return _instance_or(Deadline, core_schema.no_info_after_validator_function(_deadline, shape))


def _struct(source: type[msgspec.Struct]) -> CoreSchema:
    fields = {
        field.name: core_schema.typed_dict_field(
            _schema(field.type),
            required=field.required,
            validation_alias=to_camel(field.name),
            serialization_alias=to_camel(field.name),
        )
        for field in msgspec.structs.fields(source)
    }
    shape = core_schema.typed_dict_schema(fields, extra_behavior="forbid", cls_name=source.__name__)

    def build(values: dict[str, Any]) -> msgspec.Struct:
        return source(**values)

    return _instance_or(source, core_schema.no_info_after_validator_function(build, shape))


def _instance_or(source: type[msgspec.Struct], read: CoreSchema) -> CoreSchema:
    """From JSON the value is read and checked; in Python (a reaction) a finished value is taken as it is."""
    taken = core_schema.is_instance_schema(source)
    return core_schema.json_or_python_schema(
        json_schema=read,
        python_schema=core_schema.union_schema([taken, read], mode="left_to_right"),
        serialization=core_schema.plain_serializer_function_ser_schema(_plain),
    )


@cache
def _named(source: type[msgspec.Struct]) -> Sequence[tuple[str, str]]:
    """The fields of a struct, each with its name on the wire."""
    return [(name, to_camel(name)) for name in source.__struct_fields__]


def _plain(value: msgspec.Struct) -> Any:
    return {camel: _plain_item(getattr(value, name)) for name, camel in _named(type(value))}


def _plain_item(value: Any) -> Any:
    match value:
        case msgspec.Struct():
            return _plain(value)
        case list():
            return [_plain_item(item) for item in value]
        case _:
            return value


if TYPE_CHECKING:
    Wire = Annotated[T, ...]
else:

    class Wire:
        """A value of the shared language as a field: `Wire[Party]`, `Wire[Cents]`, `list[Wire[BudgetLine]]`."""

        def __class_getitem__(cls, source: Any) -> Any:
            return Annotated[source, _FromVocabulary(source)]
