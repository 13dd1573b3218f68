# Of the association, so that nobody connects before the user is known.
output "environment" {
  description = "The settings of a client, without its password."
  value = {
    ALERTING_KAFKA_BOOTSTRAP_SERVERS = aws_msk_cluster.this.bootstrap_brokers_sasl_scram
    ALERTING_KAFKA_SECURITY_PROTOCOL = "sasl_ssl"
    ALERTING_KAFKA_SASL_MECHANISM    = "SCRAM-SHA-512"
  }
  depends_on = [aws_msk_scram_secret_association.this]
}

output "cluster_name" {
  description = "For alarms, and to scale by lag."
  value       = aws_msk_cluster.this.cluster_name
}
