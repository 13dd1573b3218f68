# When it can take tasks.
output "cluster" {
  description = "What services are told."
  value = {
    arn               = aws_ecs_cluster.this.arn
    name              = aws_ecs_cluster.this.name
    capacity_provider = one(aws_ecs_cluster_capacity_providers.this.capacity_providers)
    memory            = local.memory
  }
}

output "security_group_id" {
  description = "Of the instances, and of tasks in bridge mode."
  value       = aws_security_group.this.id
}

output "autoscaling_group" {
  description = "For alarms."
  value       = aws_autoscaling_group.this.name
}

output "public_address" {
  description = "Of the one instance with the durable volume, whichever it is."
  value       = one(aws_eip.this[*].public_ip)
}
