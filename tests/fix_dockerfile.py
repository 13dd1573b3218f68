"""Reads a Dockerfile and its .dockerignore: enough of both for ours, and an error for what is more."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))")
_FLAG = re.compile(r"--(?P<name>[a-z-]+)=(?P<value>\S+)\s+")
_NAMED = re.compile(r"(?P<image>\S+)(?:\s+AS\s+(?P<name>\S+))?")
_PAIR = re.compile(r"(?P<name>[\w.]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>\S*))\s*")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its lines joined, its flags apart, its variables as they are written."""

    keyword: str
    flags: tuple[tuple[str, str], ...]
    value: str

    def flag(self, name: str) -> str:
        """Return a flag's value, or nothing."""
        return dict(self.flags).get(name, "")

    def words(self) -> list[str]:
        """Return what is in the exec form, and otherwise the words."""
        words: list[str] = json.loads(self.value) if self.value.startswith("[") else self.value.split()
        return words

    def pairs(self) -> dict[str, str]:
        """Return what ENV, LABEL or ARG sets; an ARG without a value is left out."""
        return {pair["name"]: pair["quoted"] or pair["plain"] or "" for pair in _PAIR.finditer(self.value)}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is between one FROM and the next."""

    name: str
    base: str
    """The image or the earlier stage that it begins with, its variables as they are written."""
    instructions: tuple[Instruction, ...]

    def all(self, keyword: str) -> list[Instruction]:
        """Return the instructions of one kind."""
        return [instruction for instruction in self.instructions if instruction.keyword == keyword]

    def only(self, keyword: str) -> Instruction:
        """Return the one instruction of a kind."""
        (found,) = self.all(keyword)
        return found


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """What is before the first FROM, and the stages."""

    arguments: Mapping[str, str]
    stages: tuple[Stage, ...]


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Put values in the place of variables; one that is not known is an error."""
    return _VARIABLE.sub(lambda found: variables[found["braced"] or found["plain"]], text)


def read_dockerfile(path: Path) -> Dockerfile:
    """Read a Dockerfile."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in _instructions(path.read_text("utf-8").splitlines()):
        if instruction.keyword == "FROM":
            named = _NAMED.fullmatch(instruction.value)
            assert named is not None, instruction
            stages.append(Stage(named["name"] or "", named["image"], ()))
        elif stages:
            last = stages.pop()
            stages.append(Stage(last.name, last.base, (*last.instructions, instruction)))
        else:
            assert instruction.keyword == "ARG", instruction
            arguments |= instruction.pairs()
    return Dockerfile(arguments, tuple(stages))


def _instructions(lines: Iterable[str]) -> Iterator[Instruction]:
    begun = ""
    for line in lines:
        if line.lstrip().startswith("#") or not line.strip():
            continue
        begun += line.strip()
        if begun.endswith("\\"):
            begun = begun[:-1]
            continue
        keyword, _, rest = begun.partition(" ")
        flags = []
        while flag := _FLAG.match(rest):
            flags.append((flag["name"], flag["value"]))
            rest = rest[flag.end() :]
        assert "<<" not in rest, f"a here-document: {begun}"
        yield Instruction(keyword, tuple(flags), rest.strip())
        begun = ""


class Ignored:
    """What a .dockerignore leaves out: the last line that fits decides, as Docker has it."""

    def __init__(self, path: Path) -> None:
        lines = (line.strip() for line in path.read_text("utf-8").splitlines())
        self._rules = [
            (not line.startswith("!"), _pattern(line.lstrip("!")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def __contains__(self, path: PurePosixPath) -> bool:
        """Return whether a file of the context is left out; a line that fits a parent fits the file."""
        paths = [str(path), *(str(parent) for parent in path.parents if parent.name)]
        ignored = False
        for leaves_out, pattern in self._rules:
            if any(pattern.fullmatch(candidate) for candidate in paths):
                ignored = leaves_out
        return ignored


def _pattern(line: str) -> re.Pattern[str]:
    made = re.escape(line).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.compile(made)
