"""Compile the extensions; all metadata is in pyproject.toml.

MATCHCORE_STRICT=1     warnings of Cython and of the C compiler are errors
MATCHCORE_SANITIZE=1   with the address and undefined-behaviour sanitizers
MATCHCORE_ANNOTATE=1   Cython's annotated HTML beside each source
"""

import os
import sys
from pathlib import Path

import Cython.Compiler.Options
from Cython.Build import cythonize
from setuptools import Extension, setup

PACKAGE = Path("matchcore")
MSVC = sys.platform == "win32"
STRICT, SANITIZE, ANNOTATE = (os.environ.get(f"MATCHCORE_{name}") == "1" for name in ("STRICT", "SANITIZE", "ANNOTATE"))

# No -march: a wheel runs on every machine of its kind. No built-in memset: gcc would clear a new
# result with `rep stos`, which takes longer to start than the library's function takes in all.
OPTIMIZE = ["/O2"] if MSVC else ["-O3", "-fno-builtin-memset"]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]  # a Python calling convention has unused ones
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
DEBUG = ["-O1", "-g", "-fno-omit-frame-pointer"]

DIRECTIVES = {
    "language_level": 3,
    "auto_pickle": False,  # what can be pickled says so in its __reduce__
    "autotestdict": False,  # doctest finds the docstrings without it
    "binding": True,
    "boundscheck": False,
    "cdivision": True,
    "embedsignature": False,
    "freethreading_compatible": True,
    "initializedcheck": False,
    "wraparound": False,
}

Cython.Compiler.Options.warning_errors = STRICT

setup(
    ext_modules=cythonize(
        [
            Extension(
                f"matchcore.{source.stem}",
                [str(source)],
                depends=sorted(map(str, PACKAGE.glob("*.h"))),
                extra_compile_args=(DEBUG + SANITIZERS if SANITIZE else OPTIMIZE) + (WARNINGS if STRICT else []),
                extra_link_args=SANITIZERS if SANITIZE else [],
            )
            for source in sorted(PACKAGE.glob("*.pyx"))
        ],
        annotate=ANNOTATE,
        compiler_directives=DIRECTIVES,
    ),
    options={"build_ext": {"parallel": str(os.cpu_count() or 1)}},
)
