"""Answers that may be missing, so that one question without an answer hides no other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no answer."""

    because: str


class NotKnownError(Exception):
    """A check needs an answer that there is not; the text says why not."""


OUT_OF_TIME = Unknown("no answer in time")


def ask(question: Callable[[], Known]) -> Known | Unknown:
    """Return the answer, or why there is none."""
    try:
        return question()
    except Exception as error:  # whatever it is, the other questions are to be asked  # noqa: BLE001
        return Unknown(reason(error))


def reason(error: Exception) -> str:
    """Return an error's text in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def known(answer: Known | Unknown) -> Known:
    """Return an answer that is there.

    Raises
    ------
    NotKnownError
        It is not.
    """
    if isinstance(answer, Unknown):
        raise NotKnownError(answer.because)
    return answer
