output "environment" {
  description = "The settings of a client, without the passwords."
  value = {
    ALERTING_KAFKA_BOOTSTRAP_SERVERS = "${local.kafka}:9092"
    ALERTING_POSTGRES_DSN            = "postgresql://alerting@${local.databases}:5432/alerting"
    ALERTING_REDIS_URL               = "redis://${local.databases}:6379/0"
  }
}

output "running" {
  description = "Names of the services, when they run."
  value       = [for service in module.service : service.name]
}

output "containers" {
  description = "The containers as ECS gets them."
  value       = flatten([for task in module.task : task.containers])
}
