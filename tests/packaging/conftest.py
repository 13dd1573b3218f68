"""The fixtures that only these tests use: they build, which takes a while."""

from fix_wheel import environment, sdist, wheel

__all__ = ["environment", "sdist", "wheel"]
