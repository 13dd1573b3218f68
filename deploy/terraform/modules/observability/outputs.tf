output "log_group" {
  description = "Where the services' logs go."
  value = {
    name = aws_cloudwatch_log_group.this.name
    arn  = aws_cloudwatch_log_group.this.arn
  }
}

output "alarm_topic_arn" {
  description = "The alarms' topic, for whoever else wants to be told."
  value       = aws_sns_topic.alarms.arn
}
