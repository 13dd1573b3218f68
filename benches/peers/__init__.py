"""Other engines, each in its own language: built here, run as programs, fed by files."""
