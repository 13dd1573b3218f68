"""The REST API over clients, rules, endpoints, notifications and keys, and the relay of rule changes."""
