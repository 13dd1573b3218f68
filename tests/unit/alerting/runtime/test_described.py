from typing import Annotated, Generic, TypeVar

from pydantic import Field

from alerting.runtime.described import Described

Item = TypeVar("Item")
Shared = Annotated[str, Field(description="What all of its kind are.")]


class Small(Described):
    """Something small."""

    size: int
    """In bytes."""
    name: Shared
    place: str
    colour: Shared
    """This one's own."""


class Large(Small):
    """Something large."""

    size: int = 1
    """In megabytes,
    rounded up.
    """
    inner: Small | None = None
    """What is in it; null when nothing is."""
    first: Small
    """What came first."""


class Pair(Described, Generic[Item]):
    """Two of a kind."""

    left: Item
    """The first."""


def told(kind: type[Described]) -> dict[str, str | None]:
    return {name: field.get("description") for name, field in kind.model_json_schema()["properties"].items()}


def test_a_docstring_says_what_a_field_is() -> None:
    assert told(Small) == {
        "size": "In bytes.",
        "name": "What all of its kind are.",
        "place": None,
        "colour": "This one's own.",
    }


def test_a_model_has_the_descriptions_of_the_one_that_it_extends() -> None:
    assert told(Large) == {
        "size": "In megabytes, rounded up.",
        "name": "What all of its kind are.",
        "place": None,
        "colour": "This one's own.",
        "inner": "What is in it; null when nothing is.",
        "first": "What came first.",
    }


def test_what_is_generic_is_described_too() -> None:
    assert told(Pair[int]) == {"left": "The first."}


def test_the_descriptions_of_one_model_are_not_those_of_another() -> None:
    assert told(Small)["size"] == "In bytes."
    assert Large.model_json_schema()["$defs"]["Small"]["properties"]["size"]["description"] == "In bytes."


def test_a_class_in_a_function_has_none() -> None:
    class Hidden(Described):
        """It cannot be found by its name."""

        field: int
        """Its docstring."""

    assert told(Hidden) == {"field": None}
