"""What generated alerts are made of: the distributions, as the command line and the API state them."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from alerting.runtime.described import Described

SeverityName = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]
Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

MOST_CONTEXT_KEYS = 64
MOST_CONTEXT_BYTES = 16_384


class Mix(Described):
    """The distributions that alerts are drawn from. The default is the catalog, with a few frequent alerts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severities: dict[SeverityName, Weight] = Field(
        {}, description="The weight of each severity; when empty, each alert has the one that the catalog gives it."
    )
    sources: dict[str, Weight] = Field(
        {}, max_length=1_000, description="The weight of each source, of the catalog's; when empty, all of them."
    )
    skew: float = Field(
        1.0,
        ge=0,
        le=5,
        allow_inf_nan=False,
        description="The exponent of Zipf's law over the alerts; with 0, all are alike.",
    )
    unmatched: Share = Field(0.0, description="The share of alerts whose source and name no rule will name.")
    duplicates: Share = Field(
        0.0, description="The share of alerts that are sent once more, as they were, id included."
    )
    context_keys: int = Field(3, ge=0, le=MOST_CONTEXT_KEYS)
    """How many entries the context of each alert has."""
    context_value_bytes: int = Field(
        12, ge=0, le=MOST_CONTEXT_BYTES, description="The size of each value of the context, in bytes."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field in ("severities", "sources"):
            weights = getattr(self, field)
            if weights and not any(weights.values()):
                raise ValueError(f"{field}: one weight must be more than 0")
        if self.context_keys * self.context_value_bytes > MOST_CONTEXT_BYTES:
            raise ValueError(f"context_keys × context_value_bytes must not be more than {MOST_CONTEXT_BYTES}")
        return self
