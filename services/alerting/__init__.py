"""The alerting platform: thin Kafka services around matchcore."""

from importlib.metadata import version

__version__ = version("alerting")
