output "url" {
  description = "Address without the token; TLS, with a certificate that public authorities have signed."
  value       = "rediss://${aws_elasticache_replication_group.this.primary_endpoint_address}:${local.port}/0"
}

output "members" {
  description = "The nodes, for alarms."
  value       = aws_elasticache_replication_group.this.member_clusters
}
