"""Programs that try to break the delivery of alerts, and say what came of it: docs/reliability.md."""
