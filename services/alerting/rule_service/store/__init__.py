"""The SQL: one module for each table. A `tenant` confines a statement to one client; None sees all."""
