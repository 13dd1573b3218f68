resource "aws_ecs_service" "this" {
  name            = var.task.name
  cluster         = var.cluster.arn
  task_definition = var.task.arn
  desired_count   = var.tasks.min

  # A port of the instance, or a directory of it, can be held by one task at a time: the old one goes before the new one comes.
  deployment_minimum_healthy_percent = var.exclusive ? 0 : 100
  deployment_maximum_percent         = var.exclusive ? 100 : 200
  health_check_grace_period_seconds  = length(var.target_group_arns) > 0 ? 120 : null

  # Otherwise a deployment that was rolled back would look like one that went well.
  wait_for_steady_state   = true
  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = var.cluster.capacity_provider
    weight            = 100
  }

  dynamic "ordered_placement_strategy" {
    for_each = var.exclusive ? [] : ["attribute:ecs.availability-zone", "instanceId"]

    content {
      type  = "spread"
      field = ordered_placement_strategy.value
    }
  }

  dynamic "network_configuration" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnets         = network_configuration.value.subnet_ids
      security_groups = network_configuration.value.security_group_ids
    }
  }

  dynamic "service_registries" {
    for_each = aws_service_discovery_service.this

    content {
      registry_arn = service_registries.value.arn
    }
  }

  dynamic "load_balancer" {
    for_each = var.target_group_arns

    content {
      target_group_arn = load_balancer.value
      container_name   = var.task.name
      container_port   = var.task.port
    }
  }

  lifecycle {
    # The number of tasks belongs to Application Auto Scaling, and only the number: its limits are `tasks.min` and `tasks.max`, and
    # to set these moves the number into them at once. So a fixed number is two limits that are alike, a run of Terraform does
    # not take back what the load has asked for, and there is no setting that does nothing. See README.md.
    ignore_changes = [desired_count]

    precondition {
      condition     = var.task.memory <= var.cluster.memory
      error_message = "A task of ${var.task.name} needs ${var.task.memory} MiB, and an instance of the cluster has ${var.cluster.memory} for all of its tasks."
    }
  }

  # Such as the migrations: a service rolls when they are through.
  depends_on = [var.after]
}

resource "aws_service_discovery_service" "this" {
  count = var.discovery == null ? 0 : 1

  name = var.discovery.name

  dns_config {
    namespace_id   = var.discovery.namespace_id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  # ECS tells Cloud Map what its own health checks say.
  health_check_custom_config {
    failure_threshold = 1
  }
}
