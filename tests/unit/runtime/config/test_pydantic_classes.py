"""Config classes: pydantic models as schemas, as values, and as what ops receive."""

from __future__ import annotations

import enum
import typing
from datetime import date, timedelta
from pathlib import Path

import pydantic
import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator

from jobc.runtime.config import (
    Config,
    EnvVar,
    Permissive,
    PermissiveConfig,
    RunConfig,
    Secret,
    Shape,
    as_config_type,
    as_field,
    config_object,
    config_value,
    process,
    validate,
)
from jobc.runtime.errors import InvalidConfigDefinitionError


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Cat(Config):
    kind: typing.Literal["cat"] = "cat"
    meows: int


class Dog(Config):
    kind: typing.Literal["dog"] = "dog"
    barks: float = 1.0


class Inner(Config):
    size: int = 1


class Everything(Config):
    path: str
    count: int = Field(default=3, description="how many")
    ratio: float = 0.5
    on: bool = True
    colour: Colour = Colour.RED
    mode: typing.Literal["a", "b"] = "a"
    maybe: int | None
    inner: Inner = Inner()
    pet: Cat | Dog = Field(default=Dog(), discriminator="kind")
    pets: list[typing.Annotated[Cat | Dog, Field(discriminator="kind")]] = Field(default_factory=list)
    names: list[str] = Field(default=["x"])
    sizes: dict[str, int] = Field(default={})
    tags: set[str] = Field(default=set())
    pair: tuple[int, str] = (1, "a")
    many: tuple[int, ...] = ()
    either: int | str = 1
    day: date = date(2024, 1, 1)
    wait: timedelta = timedelta(seconds=1)
    file: Path = Path("a")
    raw: bytes = b"a"
    token: Secret = Secret("s")
    password: SecretStr = SecretStr("p")
    anything: typing.Any = None
    free: dict = Field(default={})  # type: ignore[type-arg]
    aliased: int = Field(default=1, alias="alias")


TYPE = as_config_type(Everything)


def value_of(given: object) -> dict[str, object]:
    processed = process(TYPE, given)
    assert isinstance(processed.value, dict)
    return processed.value


def test_sem_4_class_becomes_a_shape_with_its_defaults() -> None:
    assert isinstance(TYPE, Shape)
    processed = process(TYPE, {"path": "x"})
    assert processed.errors == ()
    assert config_object(Everything, processed.value) == Everything(path="x", maybe=None)
    assert TYPE.fields["count"].description == "how many"


def test_sem_4_class_requires_fields_without_default() -> None:
    assert as_field(Everything).is_required
    assert not as_field(Inner).is_required
    assert [error.names for error in process(TYPE, {}).errors] == [("path",)]


def test_sem_4_class_values_are_not_coerced() -> None:
    value = {"path": 1, "count": "5", "on": 1, "inner": {"size": 1.0}}
    assert [error.path for error in process(TYPE, value).errors] == [
        ("path",),
        ("count",),
        ("on",),
        ("inner", "size"),
    ]


def test_sem_4_class_scalars_may_come_from_the_environment() -> None:
    value = {"path": {"env": "P"}, "count": {"env": "C"}, "inner": {"size": {"env": "S"}}}
    processed = process(TYPE, value, environ={"P": "/x", "C": "7", "S": "8"}).value
    config = config_object(Everything, processed)
    assert isinstance(config, Everything)
    assert (config.path, config.count, config.inner.size) == ("/x", 7, 8)


def test_sem_4_class_enum_by_member_name() -> None:
    assert value_of({"path": "x", "colour": "BLUE"})["colour"] is Colour.BLUE
    assert [error.kind for error in process(TYPE, {"path": "x", "colour": "blue"}).errors] == ["enum"]


def test_sem_4_class_literal_is_an_enum() -> None:
    assert [error.kind for error in process(TYPE, {"path": "x", "mode": "c"}).errors] == ["enum"]


def test_sem_4_class_discriminated_union_is_a_selector() -> None:
    value = {"path": "x", "pet": {"cat": {"meows": 2}}, "pets": [{"dog": None}, {"cat": {"meows": 1}}]}
    config = config_object(Everything, process(TYPE, value).value)
    assert isinstance(config, Everything)
    assert config.pet == Cat(meows=2)
    assert config.pets == [Dog(), Cat(meows=1)]
    assert validate(TYPE, value).value["pet"] == {"cat": {"meows": 2}}  # type: ignore[index]
    errors = process(TYPE, {"path": "x", "pet": {"cow": {}}, "pets": [{"cat": {}}]}).errors
    assert [(error.kind, error.path) for error in errors] == [
        ("unknown", ("pet",)),
        ("missing", ("pets", 0, "cat")),
    ]


def test_sem_4_class_optional_without_default_is_not_required() -> None:
    assert value_of({"path": "x"})["maybe"] is None
    assert Everything(path="x").maybe is None  # type: ignore[call-arg]


def test_sem_4_class_unknown_fields_are_refused() -> None:
    assert [error.names for error in process(TYPE, {"path": "x", "pth": 1}).errors] == [("pth",)]
    with pytest.raises(ValidationError):
        Inner(sise=1)  # type: ignore[call-arg]


def test_sem_4_class_instances_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Inner().size = 2


def test_sem_4_class_validator_speaks_for_itself() -> None:
    class Even(Config):
        number: int = Field(ge=0)

        @field_validator("number")
        @classmethod
        def _even(cls, number: int) -> int:
            if number % 2:
                raise ValueError("not even")
            return number

    processed = process(as_config_type(Even), {"number": 3})
    assert processed.errors == ()
    with pytest.raises(ValidationError, match="not even"):
        config_object(Even, processed.value)


def test_sem_4_class_with_extra_fields_is_permissive() -> None:
    class Loose(PermissiveConfig):
        a: int = 1

    assert isinstance(as_config_type(Loose), Permissive)
    config = config_object(Loose, process(as_config_type(Loose), {"b": [2]}).value)
    assert config_value(config) == {"a": 1, "b": [2]}


def test_sem_4_plain_pydantic_models_are_classes_too() -> None:
    class Plain(BaseModel):
        a: int

    assert process(as_config_type({"p": Plain}), {"p": {"a": "1"}}).errors[0].path == ("p", "a")


class Unspeakable:
    pass


class Unusable(Config):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    thing: Unspeakable


class Endless(Config):
    child: Endless | None = None


class Undecided(Config):
    pet: typing.Annotated[Cat | Dog | None, Field(discriminator="kind")] = None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Unusable, "the field `thing` of the config class `Unusable` has the type `Unspeakable`"),
        (Endless, "`Endless` contains itself"),
    ],
)
def test_sem_4_class_that_config_cannot_express(model: type, message: str) -> None:
    with pytest.raises(InvalidConfigDefinitionError, match=message):
        as_config_type(model)


def test_sem_4_class_optional_discriminated_union() -> None:
    assert process(as_config_type(Undecided), {}).value == {"pet": None}
    assert process(as_config_type(Undecided), {"pet": {"dog": {}}}).value == {
        "pet": {"kind": "dog", "barks": 1.0}
    }


def test_config_objects_are_written_as_the_config_they_stand_for() -> None:
    config = Everything(path="x", maybe=1, pet=Cat(meows=1), colour=Colour.BLUE)
    written = config_value(config)
    assert written["colour"] == "BLUE"
    assert written["pet"] == {"cat": {"meows": 1}}
    assert (written["day"], written["wait"], written["file"], written["raw"]) == (
        "2024-01-01",
        1.0,
        "a",
        "YQ==",
    )
    assert "alias" in written
    assert config_object(Everything, process(TYPE, written).value) == config


def test_secrets_in_config_objects_are_not_shown() -> None:
    config = Everything(path="x", maybe=1, password=SecretStr("hunter2"))
    assert "hunter2" not in repr(config_value(config))
    assert "hunter2" not in repr(process(TYPE, {"path": "x", "token": "hunter2"}))


def test_sem_4_env_var_waits_in_a_config_object() -> None:
    config = Everything(path=EnvVar("P"), count=EnvVar("C"))  # type: ignore[arg-type, call-arg]
    written = RunConfig(ops={"read": config}).to_dict()
    section = written["ops"]["read"]["config"]  # type: ignore[index]
    assert (section["path"], section["count"], section["maybe"]) == ({"env": "P"}, {"env": "C"}, None)
    assert process(TYPE, section, environ={"P": "/x", "C": "7"}).errors == ()
    nested = Everything(path="x", inner={"size": EnvVar("S")})  # type: ignore[arg-type, call-arg]
    assert config_value(nested)["inner"] == {"size": {"env": "S"}}


def test_env_var_does_not_hide_other_mistakes() -> None:
    with pytest.raises(ValidationError):
        Cat(meows=EnvVar("M"), purrs=1)  # type: ignore[arg-type, call-arg]
    with pytest.raises(ValidationError):
        Everything(count=EnvVar("C"))  # type: ignore[arg-type, call-arg]


def test_config_value_wants_a_config_object() -> None:
    with pytest.raises(TypeError, match="config object"):
        config_value({"a": 1})
