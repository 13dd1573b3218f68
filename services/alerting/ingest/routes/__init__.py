"""The routes of each format: they read a body, let the format decide, and answer."""
