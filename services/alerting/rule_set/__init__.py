"""The rule set in Redis: what rule-updater, which writes it, and evaluator, which reads it, agree on."""
