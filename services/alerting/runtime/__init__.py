"""What every service shares: broker, lifecycle, health, telemetry, configuration, clock."""
