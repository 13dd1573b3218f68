output "repository_url" {
  description = "Where to push the image."
  value       = module.registry.repository_url
}

output "load_balancer" {
  description = "What the two hosts' names are to point at."
  value       = module.load_balancer.dns_name
}

output "nat_addresses" {
  description = "Addresses that notifications come from; for receivers that allow by address."
  value       = module.network.nat_addresses
}

output "log_group" {
  description = "Where the services' logs are."
  value       = module.observability.log_group.name
}

output "containers" {
  description = "All containers as ECS gets them."
  value       = flatten([for task in module.task : task.containers])
}
