"""The messages on the topics, generated from ``proto/``."""
