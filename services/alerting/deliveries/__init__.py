"""What the sender, which makes deliveries, and the rule-service, which has them sent again, both know of them."""
