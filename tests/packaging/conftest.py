"""The fixtures that only these tests use: they build, which takes a while."""

from fix_wheel import environment, platform_wheel, sdist, wheel

__all__ = ["environment", "platform_wheel", "sdist", "wheel"]
