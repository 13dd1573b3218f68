"""Makes the dashboards, and the tables of docs/monitoring.md, from what they are about."""
