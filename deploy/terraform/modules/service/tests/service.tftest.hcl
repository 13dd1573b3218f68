mock_provider "aws" {}

variables {
  task      = { name = "evaluator", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/evaluator:1", network_mode = "bridge", memory = 1000, port = null, exclusive = false }
  cluster   = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/alerting", name = "alerting", capacity_provider = "alerting", memory = 1700 }
  exclusive = false
  tasks     = { min = 2, max = 9 }
}

run "a_bad_deployment_goes_back" {
  command = plan

  assert {
    condition     = one(aws_ecs_service.this.deployment_circuit_breaker).enable && one(aws_ecs_service.this.deployment_circuit_breaker).rollback
    error_message = "a deployment that fails must be rolled back"
  }

  assert {
    condition     = aws_ecs_service.this.wait_for_steady_state
    error_message = "a deployment that was rolled back must not look like one that went well"
  }
}

run "two_tasks" {
  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 9
    error_message = "the limits must be what was asked for"
  }
}

run "scaling_is_no_no_op" {
  variables {
    tasks = { min = 4, max = 4 }
  }

  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 4 && aws_appautoscaling_target.this.max_capacity == 4
    error_message = "another number of tasks must be a change"
  }

  assert {
    condition     = aws_ecs_service.this.desired_count == 2
    error_message = "the number that the load has asked for must not be taken back"
  }
}

run "it_scales_by_lag_and_cpu" {
  command = plan

  variables {
    scale_by = {
      cpu_percent = 70
      lag         = { kafka_cluster = "alerting", group = "evaluator-group", topic = "alerts.new", partitions = 9, messages_per_task = 1000 }
    }
  }

  assert {
    condition     = one(aws_appautoscaling_policy.cpu["cpu"].target_tracking_scaling_policy_configuration).target_value == 70
    error_message = "CPU must be followed"
  }

  assert {
    condition = anytrue([
      for metric in one(one(aws_appautoscaling_policy.lag["lag"].target_tracking_scaling_policy_configuration).customized_metric_specification).metrics :
      metric.expression == "lag / tasks" && metric.return_data
    ])
    error_message = "what waits for each task must be followed"
  }
}

run "more_consumers_than_partitions" {
  command = plan

  variables {
    tasks    = { min = 2, max = 10 }
    scale_by = { lag = { kafka_cluster = "alerting", group = "g", topic = "t", partitions = 9, messages_per_task = 1000 } }
  }

  expect_failures = [var.tasks]
}

run "a_task_that_does_not_fit" {
  command = plan

  variables {
    task = { name = "evaluator", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/evaluator:1", network_mode = "bridge", memory = 1701, port = null, exclusive = false }
  }

  expect_failures = [aws_ecs_service.this]
}

run "two_tasks_of_one_directory" {
  command = plan

  variables {
    task = { name = "kafka", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/kafka:1", network_mode = "bridge", memory = 1000, port = null, exclusive = true }
  }

  expect_failures = [var.exclusive]
}

run "the_old_one_goes_first" {
  command = plan

  variables {
    task      = { name = "kafka", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/kafka:1", network_mode = "bridge", memory = 1000, port = null, exclusive = true }
    exclusive = true
    tasks     = { min = 1, max = 1 }
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 0 && aws_ecs_service.this.deployment_maximum_percent == 100
    error_message = "two must not write to one directory"
  }
}

run "two_tasks_where_there_is_room_for_one" {
  command = plan

  variables {
    exclusive = true
  }

  expect_failures = [var.tasks]
}

run "an_interface_of_its_own_needs_a_network" {
  command = plan

  variables {
    task = { name = "evaluator", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/evaluator:1", network_mode = "awsvpc", memory = 1000, port = 8085, exclusive = false }
  }

  expect_failures = [var.network]
}

run "a_target_needs_a_port" {
  command = plan

  variables {
    target_group_arns = ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/alerting-ingest/0123456789abcdef"]
  }

  expect_failures = [var.target_group_arns]
}

run "the_load_balancer_finds_the_container" {
  command = plan

  variables {
    task              = { name = "ingest", arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/ingest:1", network_mode = "awsvpc", memory = 1000, port = 8080, exclusive = false }
    network           = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    target_group_arns = ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/alerting-ingest/0123456789abcdef"]
  }

  assert {
    condition     = one(aws_ecs_service.this.load_balancer).container_name == "ingest" && one(aws_ecs_service.this.load_balancer).container_port == 8080
    error_message = "the container is named like the task, and the port is its own"
  }
}
