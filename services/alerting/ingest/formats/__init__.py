"""The formats of senders: each module turns a body into alerts, or says what is wrong with it. None does any I/O."""
