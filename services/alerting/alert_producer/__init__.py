"""Makes alerts: loads for measuring, and single ones for trying rules out."""
