"""Takes the steps of deploy/docker/Dockerfile without Docker: each stage has a root of its own."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from fix_dockerfile import Dockerfile, Ignored, Instruction, Stage, substitute
from fix_sandbox import Sandbox

CHECKOUT = Path(__file__).parents[1]
DOCKERFILE = CHECKOUT / "deploy" / "docker" / "Dockerfile"
IGNORE = DOCKERFILE.with_name("Dockerfile.dockerignore")

_METADATA = {"LABEL", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD", "USER"}


def send_context(checkout: Path, context: Path) -> None:
    """Copy what of a checkout goes to the builder."""
    ignored = Ignored(IGNORE)

    def left_out(folder: str, names: list[str]) -> set[str]:
        place = PurePosixPath(Path(folder).relative_to(checkout))
        return {name for name in names if place / name in ignored}

    shutil.copytree(checkout, context, symlinks=True, ignore=left_out)


class Builder:
    """Builds the stages that are asked for, and those that they are made of."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        *,
        context: Path,
        work: Path,
        bases: Mapping[str, Sandbox],
        arguments: Mapping[str, str],
        given: Mapping[str, Path],
    ) -> None:
        """Build nothing yet; `bases` stand for images by their names' beginnings, `given` are roots of stages."""
        self._stages = {stage.name: stage for stage in dockerfile.stages}
        self._images = {**dockerfile.arguments, "BUILDPLATFORM": "linux"}
        self._context = context
        self._work = work
        self._bases = bases
        self._arguments = arguments
        self._roots = dict(given)
        self._built: dict[str, Sandbox] = {}

    def build(self, name: str = "") -> Sandbox:
        """Build a stage; the last one has no name."""
        if name not in self._built:
            self._built[name] = self._stage(self._stages[name])
            self._roots[name] = self._built[name].root
        return self._built[name]

    def _root(self, stage: str) -> Path:
        return self._roots[stage] if stage in self._roots else self.build(stage).root

    def _stage(self, stage: Stage) -> Sandbox:
        base = substitute(stage.base, self._images)
        begun = self.build(base) if base in self._stages else self._bases[base.partition(":")[0]]
        sandbox = begun.copied(self._work / (stage.name or "image"))
        arguments: dict[str, str] = {}
        for instruction in stage.instructions:
            if instruction.keyword == "ARG":
                arguments[instruction.value] = self._arguments[instruction.value]
            else:
                sandbox = self._step(sandbox, instruction, arguments)
        return sandbox

    def _step(self, sandbox: Sandbox, step: Instruction, arguments: Mapping[str, str]) -> Sandbox:
        if step.keyword == "ENV":
            known = {**arguments, **sandbox.env}
            values = {name: substitute(value, known) for name, value in step.pairs().items()}
            return replace(sandbox, env={**sandbox.env, **values})
        if step.keyword == "WORKDIR":
            (sandbox.root / step.value.lstrip("/")).mkdir(parents=True, exist_ok=True)
            return replace(sandbox, cwd=step.value)
        if step.keyword == "COPY":
            self._copy(sandbox, step)
        elif step.keyword == "RUN":
            self._run(replace(sandbox, env={**sandbox.env, **arguments}), step)
        else:
            assert step.keyword in _METADATA, f"not known: {step}"
        return sandbox

    def _copy(self, sandbox: Sandbox, step: Instruction) -> None:
        *sources, destination = step.words()
        origin = self._root(step.flag("from")) if step.flag("from") else self._context
        target = sandbox.root / os.path.normpath(f"{sandbox.cwd}/{destination}").lstrip("/")
        copy(
            [origin / source.lstrip("/") for source in sources],
            target if not destination.startswith("/") else sandbox.root / destination.lstrip("/"),
            into=destination.endswith("/"),
        )

    def _run(self, sandbox: Sandbox, step: Instruction) -> None:
        mounts = [word for name, value in step.flags if name == "mount" for word in self._mount(sandbox, value)]
        # What says that it needs no package registry is given no network.
        sandbox.run("sh", "-c", step.value, mounts=mounts, network="--no-index" not in step.value)

    def _mount(self, sandbox: Sandbox, value: str) -> Sequence[str]:
        options = dict(option.split("=", 1) for option in value.split(","))
        target = options["target"]
        (sandbox.root / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        if options["type"] == "bind":
            return "--ro-bind", str(self._root(options["from"]) / options["source"].lstrip("/")), target
        assert options["type"] == "cache", value
        # A cache of the package managers of this machine, which may have something in it.
        cache = Path.home() / Path(target).relative_to("/root")
        cache.mkdir(parents=True, exist_ok=True)
        return "--bind", str(cache), target


def copy(sources: Iterable[Path], destination: Path, *, into: bool) -> None:
    """Copy as Docker does: of a folder what is in it, and a file to the place, or into it."""
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, destination, symlinks=True, dirs_exist_ok=True)
        else:
            target = destination / source.name if into or destination.is_dir() else destination
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
