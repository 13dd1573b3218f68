output "dns_name" {
  description = "What the hosts' names are to point at."
  value       = aws_lb.this.dns_name
}

output "security_group_id" {
  description = "Where requests to tasks come from."
  value       = aws_security_group.this.id
}

# Only when the listener's rule is there: before, ECS refuses a service with such a target.
output "target_group_arns" {
  description = "The targets by name."
  value       = { for name, rule in aws_lb_listener_rule.this : name => aws_lb_target_group.this[name].arn }
}

output "dimension" {
  description = "For alarms."
  value       = aws_lb.this.arn_suffix
}
