"""Takes alerts over HTTP, in the formats of those who send them, and writes them to ``alerts.new``."""
