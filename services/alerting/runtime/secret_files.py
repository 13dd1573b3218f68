"""Settings from files, one each: how container platforms hand over what is secret."""

import os
import warnings
from pathlib import Path
from typing import Any, Final

from pydantic_settings import BaseSettings, SecretsSettingsSource, SettingsError

VARIABLE: Final = "ALERTING_SECRETS_DIR"
"""The directory; a file in it is named as the setting's variable is, in small letters or capitals."""


class SecretFiles(SecretsSettingsSource):
    """What the directory has, if one is named."""

    def __init__(self, kind: type[BaseSettings]) -> None:
        """Look at the environment."""
        super().__init__(kind, secrets_dir=os.environ.get(VARIABLE) or None)

    def __call__(self) -> dict[str, Any]:
        """Read the files.

        Raises
        ------
        SettingsError
            The directory or a file of it cannot be read. Nothing is used in its place.
        """
        if self.secrets_dir is None:
            return {}
        if not Path(str(self.secrets_dir)).is_dir():
            raise SettingsError(f"{VARIABLE}: {self.secrets_dir} is not a directory")
        with warnings.catch_warnings():
            # Such as a link that leads out of the directory: it is only told by a warning, and left out.
            warnings.simplefilter("error", UserWarning)
            try:
                return super().__call__()
            except SettingsError as fault:
                # It names the setting, and its cause the file; a text that is not UTF-8 is not to be quoted.
                why = "not text in UTF-8" if isinstance(fault.__cause__, UnicodeError) else fault.__cause__
                raise SettingsError(f"{VARIABLE}: {fault}: {why}") from None
