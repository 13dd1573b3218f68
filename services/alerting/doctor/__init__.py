"""What is wrong with a deployment, and what to do about it: ``*_facts.py`` ask, and what is beside them judges."""
