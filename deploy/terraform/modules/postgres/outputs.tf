output "dsn" {
  description = "Connection string without the password. TLS is required; the authority of RDS is not in the image, so its name is not checked."
  value       = "postgresql://alerting@${aws_db_instance.this.address}:${local.port}/alerting?sslmode=require"
}

output "identifier" {
  description = "For alarms."
  value       = aws_db_instance.this.identifier
}
