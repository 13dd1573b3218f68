"""Matches alerts against the rules of every client: ``alerts.new`` to ``alerts.matched``."""
