output "repository_url" {
  description = "Where to push the image."
  value       = module.registry.repository_url
}

output "address" {
  description = "Public address of the instance, whichever it is."
  value       = module.cluster.public_address
}

output "log_group" {
  description = "Where the services' logs are."
  value       = module.observability.log_group.name
}

output "containers" {
  description = "All containers as ECS gets them."
  value       = concat(module.stores.containers, flatten([for task in module.task : task.containers]))
}

output "memory" {
  description = "MiB that tasks may use in all, and that an instance has for them."
  value = {
    tasks    = sum(values(local.memory)) + local.one_off_memory
    instance = module.cluster.cluster.memory
  }
}
