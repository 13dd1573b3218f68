"""What it costs to remove old notifications while new ones come: ``python -m benches.retention``."""
