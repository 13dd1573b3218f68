"""Records one notification for each client and alert, and tells the senders."""
