"""What the pipeline does, stage by stage and end to end: ``python -m benches.pipeline``."""
