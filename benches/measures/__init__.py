"""What is measured: one module for each table, each with one `measure` that yields figures."""
