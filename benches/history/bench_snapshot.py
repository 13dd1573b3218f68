"""Guards: "opens a saved index without copying it, in a time that does not depend on its size"."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benches.workloads import make
from matchcore import Index

__all__ = ["Snapshot"]


class Snapshot:
    """A saved index of mix."""

    params = (1_000, 100_000)
    param_names = ("rules",)

    def setup(self, rules: int) -> None:
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "rules.matchcore"
        self.index = Index.from_columns(*make("mix", rules, 1).rules.columns())
        self.index.save(self.path)

    def teardown(self, rules: int) -> None:
        self.folder.cleanup()

    def time_open_mapped(self, rules: int) -> None:
        """Without a look at the contents."""
        Index.open(self.path, verify=False)

    def time_open_verified(self, rules: int) -> None:
        """With the checksum and every offset."""
        Index.open(self.path)

    def time_to_bytes(self, rules: int) -> None:
        """One copy."""
        self.index.to_bytes()
