# What the instance type is, from AWS and not from a table: its processor decides the image, its memory what fits.
data "aws_ec2_instance_type" "this" {
  instance_type = var.instance_type
}

locals {
  arm = contains(data.aws_ec2_instance_type.this.supported_architectures, "arm64")
  # The kernel keeps some of what the type is sold with; the agent, Docker and each container's shim need some more.
  memory = floor(data.aws_ec2_instance_type.this.memory_size * 0.92) - var.reserved_memory
  fixed  = var.instances.min == var.instances.max

  largest  = max([for task in values(var.tasks) : task.memory]...)
  together = sum([for task in values(var.tasks) : task.memory * task.count])

  cpu          = data.aws_ec2_instance_type.this.default_vcpus * 1024
  cpu_together = sum([for task in values(var.tasks) : task.cpu * task.count])
}

# The newest image for ECS that Amazon publishes, by its parameter: an id written here would be old, and of one region.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/${local.arm ? "arm64/" : ""}recommended/image_id"
}

resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65:Container Insights are charged by task and metric; container_insights switches them on
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.container_insights ? "enabled" : "disabled"
  }
}

resource "aws_ecs_account_setting_default" "trunking" {
  count = var.trunking ? 1 : 0

  name  = "awsvpcTrunking"
  value = "enabled"
}

resource "aws_launch_template" "this" {
  #checkov:skip=CKV_AWS_88:where there is no NAT gateway, a public address is the way to the internet; nothing comes in but what ingress names
  name          = var.name
  image_id      = data.aws_ssm_parameter.image.insecure_value
  instance_type = var.instance_type
  user_data     = base64encode(local.user_data)

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  # Version 2 only, and its answer gets no further than the instance itself: a container has no way to the instance's role.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  network_interfaces {
    associate_public_ip_address = var.public_address
    security_groups             = [aws_security_group.this.id]
    delete_on_termination       = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 30
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      delete_on_termination = true
    }
  }

  dynamic "credit_specification" {
    for_each = startswith(var.instance_type, "t") ? ["standard"] : []

    content {
      # Slow when the credits are used up; "unlimited" would be expensive then.
      cpu_credits = credit_specification.value
    }
  }

  monitoring {
    enabled = var.container_insights
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = { Name = var.name }
    }
  }

  lifecycle {
    precondition {
      condition     = local.largest <= local.memory
      error_message = "A ${var.instance_type} has ${local.memory} MiB for tasks, and the largest task needs ${local.largest}."
    }

    precondition {
      condition     = local.together <= local.memory * var.instances.max
      error_message = "${var.instances.max} × ${var.instance_type} have ${local.memory * var.instances.max} MiB for tasks, and all together need ${local.together}."
    }

    precondition {
      condition     = local.cpu_together <= local.cpu * var.instances.max
      error_message = "${var.instances.max} × ${var.instance_type} have ${local.cpu * var.instances.max} CPU units, and all together need ${local.cpu_together}."
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                = var.name
  min_size            = var.instances.min
  max_size            = var.instances.max
  vpc_zone_identifier = var.subnet_ids
  health_check_type   = "EC2"

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  # A new image, or whatever else is new, gets to the instances that are there.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      # A durable volume can be attached to one instance only, so the old one goes first.
      min_healthy_percentage = var.data_volume == null ? 66 : 0
      instance_warmup        = 120
    }
  }

  tag {
    key                 = "Name"
    value               = var.name
    propagate_at_launch = true
  }

  # ECS puts it there; without it here, each run would take it away.
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  # The first instance has its rights when it starts, and its way out. It gets a trunk interface only when it starts after they were
  # switched on.
  depends_on = [
    aws_iam_role_policy_attachment.this, aws_iam_role_policy.take_over, aws_vpc_security_group_egress_rule.all,
    aws_ecs_account_setting_default.trunking,
  ]

  lifecycle {
    precondition {
      condition     = var.data_volume == null || (local.fixed && var.instances.max == 1)
      error_message = "A durable volume is of one instance: instances.min and instances.max must be 1."
    }
  }
}

resource "aws_ecs_capacity_provider" "this" {
  name = var.name

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.this.arn
    # An instance that is to go is emptied first.
    managed_draining = "ENABLED"

    managed_scaling {
      status          = local.fixed ? "DISABLED" : "ENABLED"
      target_capacity = 90
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = [aws_ecs_capacity_provider.this.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.this.name
    weight            = 100
  }
}
