"""Apprise: a library that knows a hundred services, each with a URL of its own."""
