"""Keeps the rule set in Redis as the database has it."""
