output "name" {
  description = "Of the task, and of what runs it."
  value       = var.name
}

output "arn" {
  description = "Of the task definition's revision."
  value       = aws_ecs_task_definition.this.arn
}

output "region" {
  description = "Region of the logs."
  value       = var.region
}

output "log_group" {
  description = "Where the containers' output goes."
  value       = var.log_group
}

output "network_mode" {
  description = "bridge or awsvpc."
  value       = var.network_mode
}

output "containers" {
  description = "The containers as ECS gets them."
  value       = local.containers
}

output "memory" {
  description = "MiB that an instance has to have free."
  value       = sum([for container in values(var.containers) : container.memory])
}

output "port" {
  description = "Of the container that is named like the task; null if there is none."
  value       = try(var.containers[var.name].port, null)
}

output "exclusive" {
  description = "Whether it has a port or a directory of the instance to itself, so that there can be one at a time."
  value = length(var.volumes) > 0 || anytrue([
    for container in values(var.containers) : var.network_mode == "bridge" && container.port != null && container.host_port != 0
  ])
}
