"""E-mail: a message with text and HTML, over the operator's SMTP server."""
