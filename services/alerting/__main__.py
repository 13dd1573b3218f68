"""``python -m alerting``: the same as the command ``alerting``."""

from alerting.cli.entry import main

main()
