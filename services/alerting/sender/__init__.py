"""Delivers notifications to the endpoints of their clients, by mail, Slack and webhook."""
