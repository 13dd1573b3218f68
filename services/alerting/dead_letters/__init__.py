"""Messages that were refused: to be looked at, replayed or dropped."""
