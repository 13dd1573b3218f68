"""The kinds of text that requests are made of, each with its bounds."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from alerting.runtime.described import Described

MOST_CHARACTERS = 255
MOST_DESCRIPTION = 1_000

# What can be a path's segment as it is, and is at most one byte a character: PostgreSQL's index entries are bounded.
_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:@-]*$"


def no_nul(text: str) -> str:
    """Refuse what PostgreSQL cannot store."""
    if "\0" in text:
        raise PydanticCustomError("nul", "may not contain the character NUL")
    return text


Id = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS, pattern=_ID_PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS), AfterValidator(no_nul)]
AlertText = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS), AfterValidator(no_nul)]
PathId = Annotated[str, AfterValidator(no_nul)]
ClientPathId = Annotated[PathId, Path(description="The client's id.")]
RulePathId = Annotated[PathId, Path(description="The rule's id.")]
EndpointPathId = Annotated[PathId, Path(description="The endpoint's id.")]
Search = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS),
    AfterValidator(no_nul),
]


def searched(fields: str) -> str:
    """Return the description of a search over these fields."""
    return f"Part of {fields}, in any case; of one or two characters, a beginning."


Description = Annotated[str, StringConstraints(max_length=MOST_DESCRIPTION), AfterValidator(no_nul)]
Flag = StrictBool

AlertSeverity = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]
RuleSeverity = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL", "*"]

WILDCARD = "*"

# What answers say of most things.
Version = Annotated[int, Field(description="Grows with each change; it is also the `ETag`, which `If-Match` names.")]
CreatedAt = Annotated[datetime, Field(description="When it was made, in UTC.")]
UpdatedAt = Annotated[datetime, Field(description="When it was changed last, in UTC; when it was made, if never.")]


class Body(Described):
    """What a request sends: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


class Filter(Body):
    """What the things of a list have in common."""

    def equal(self) -> dict[str, Any]:
        """Return the columns that have to have a value."""
        return self.model_dump(exclude={"limit", "cursor", "sort", "search"}, exclude_none=True)


class Patch(Body):
    """A change of some fields: what is left out stays, and nothing can be set to null."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("null", "may not be null; leave it out to keep what it is")
        return value

    def given(self) -> dict[str, Any]:
        """Return the fields that are to change."""
        return self.model_dump(exclude_unset=True)
