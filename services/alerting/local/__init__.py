"""Runs the real servers of the platform on one machine, on loopback, in a directory that stays."""
