"""Everything on one machine: servers without Docker, a supervisor, the demo."""
