output "id" {
  description = "Of this run, when it went well."
  value       = terraform_data.run.id
}

output "containers" {
  description = "The containers as ECS gets them."
  value       = module.task.containers
}
