"""What is old is removed: notifications with their deliveries and attempts."""
