"""Slack: messages to an incoming webhook."""
