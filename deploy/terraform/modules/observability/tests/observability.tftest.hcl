mock_provider "aws" {}

variables {
  name         = "alerting"
  alarm_emails = ["on-call@example.com"]
  alarms = {
    lag = {
      description = "too much waits"
      namespace   = "AWS/Kafka"
      metric      = "SumOffsetLag"
      dimensions  = { Topic = "alerts.new" }
      above       = 1000
    }
    storage = {
      description = "too little is left"
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      dimensions  = {}
      below       = 10
    }
  }
}

run "alarms_look_the_right_way" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["lag"].comparison_operator == "GreaterThanThreshold" &&
      aws_cloudwatch_metric_alarm.this["lag"].threshold == 1000 &&
      aws_cloudwatch_metric_alarm.this["storage"].comparison_operator == "LessThanThreshold" &&
      aws_cloudwatch_metric_alarm.this["storage"].threshold == 10
    )
    error_message = "above and below must be what they say"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 14
    error_message = "logs must end"
  }
}

run "an_alarm_has_one_threshold" {
  command = plan

  variables {
    alarms = { both = { description = "x", namespace = "x", metric = "x", dimensions = {}, above = 1, below = 0 } }
  }

  expect_failures = [var.alarms]
}

run "cloudwatch_may_publish" {
  command = plan

  variables {
    topic_kms_key_id = "alias/aws/sns"
  }

  expect_failures = [var.topic_kms_key_id]
}
