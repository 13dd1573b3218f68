locals {
  lags = var.scale_by.lag == null ? {} : { lag = var.scale_by.lag }
  cpus = var.scale_by.cpu_percent == null ? {} : { cpu = var.scale_by.cpu_percent }
}

# Every service has one, for `tasks` to mean something: see main.tf.
resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  resource_id        = "service/${var.cluster.name}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max
}

resource "aws_appautoscaling_policy" "cpu" {
  for_each = local.cpus

  name               = "${var.task.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = each.value
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# Tasks are added as soon as one of the two policies asks for it, and taken away when both do.
resource "aws_appautoscaling_policy" "lag" {
  for_each = local.lags

  name               = "${var.task.name}-lag"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.messages_per_task
    scale_in_cooldown  = 600
    scale_out_cooldown = 60

    customized_metric_specification {
      metrics {
        id          = "lag"
        label       = "messages that the group has not committed"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/Kafka"
            metric_name = "SumOffsetLag"

            dimensions {
              name  = "Cluster Name"
              value = each.value.kafka_cluster
            }
            dimensions {
              name  = "Consumer Group"
              value = each.value.group
            }
            dimensions {
              name  = "Topic"
              value = each.value.topic
            }
          }
        }
      }

      # Each task reports its CPU once a minute, so the number of reports is the number of tasks.
      metrics {
        id          = "tasks"
        label       = "tasks"
        return_data = false

        metric_stat {
          stat = "SampleCount"

          metric {
            namespace   = "AWS/ECS"
            metric_name = "CPUUtilization"

            dimensions {
              name  = "ClusterName"
              value = var.cluster.name
            }
            dimensions {
              name  = "ServiceName"
              value = aws_ecs_service.this.name
            }
          }
        }
      }

      metrics {
        id          = "per_task"
        label       = "messages for each task"
        expression  = "lag / tasks"
        return_data = true
      }
    }
  }
}
