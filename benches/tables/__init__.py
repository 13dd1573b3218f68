"""How quick the API's lists stay on large tables."""
