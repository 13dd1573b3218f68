output "arn" {
  description = "Of the task definition's revision."
  value       = aws_ecs_task_definition.this.arn
}

output "containers" {
  description = "The containers as ECS gets them."
  value       = local.containers
}

output "memory" {
  description = "MiB that an instance has to have free."
  value       = sum([for container in values(var.containers) : container.memory])
}
