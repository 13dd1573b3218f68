"""Webhooks: JSON, posted to a URL of the tenant's."""
