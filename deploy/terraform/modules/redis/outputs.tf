output "url" {
  description = "Address without the token; TLS, with a certificate that public authorities have signed."
  value       = "rediss://${aws_elasticache_replication_group.this.primary_endpoint_address}:${local.port}/0"
}

output "node" {
  description = "The first of the nodes, for alarms: each holds the same."
  value       = "${aws_elasticache_replication_group.this.replication_group_id}-001"
}
