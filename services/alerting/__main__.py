"""``python -m alerting``: the same as the command ``alerting``."""

from alerting.cli.main import main

main()
