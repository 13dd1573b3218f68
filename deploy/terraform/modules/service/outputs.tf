# Of the scalable target, which is there when the service is in its steady state.
output "name" {
  description = "Of the service, when it runs."
  value       = trimprefix(aws_appautoscaling_target.this.resource_id, "service/${var.cluster.name}/")
}
