"""Require the library of the platform's own version: one tag names both. All else is in pyproject.toml."""

from collections.abc import Sequence

from setuptools import Distribution, setup


class Platform(Distribution):
    """A distribution that, once its version is known, requires matchcore of that version."""

    def parse_config_files(self, filenames: Sequence[str] | None = None, ignore_option_errors: bool = False) -> None:
        """Read pyproject.toml, and then add the one requirement that cannot be written there."""
        super().parse_config_files(filenames, ignore_option_errors)
        required = [*self.install_requires, f"matchcore=={self.get_version()}"]
        self.install_requires = self.metadata.install_requires = required


setup(distclass=Platform)
