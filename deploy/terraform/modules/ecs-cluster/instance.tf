locals {
  ecs_config = <<-CONFIG
    ECS_CLUSTER=${var.name}
    ECS_RESERVED_MEMORY=${var.reserved_memory}
    ECS_AWSVPC_BLOCK_IMDS=true
    ECS_ENABLE_TASK_ENI=true
    ECS_IMAGE_PULL_BEHAVIOR=once
    ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=30m
  CONFIG

  single = var.data_volume == null ? [] : [
    "export REGION='${var.region}' ADDRESS='${aws_eip.this[0].id}' VOLUME='${aws_ebs_volume.data[0].id}' MOUNT=/data",
    "export DIRECTORIES='${join(" ", [for name, uid in var.data_volume.directories : "${name}:${uid}"])}'",
    "cat > /usr/local/sbin/take-over <<'SCRIPT'",
    trimspace(file("${path.module}/take_over.sh")),
    "SCRIPT",
    "bash /usr/local/sbin/take-over",
  ]

  user_data = join("\n", concat(
    ["#!/bin/bash", "set -eu", "cat > /etc/ecs/ecs.config <<'CONFIG'", trimspace(local.ecs_config), "CONFIG"],
    local.single,
    [""],
  ))
}

resource "aws_iam_role" "this" {
  name = "${var.name}-instances"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# The agent's rights, and Session Manager: there is no SSH, and no port for it.
resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore"])

  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_role_policy" "take_over" {
  count = var.data_volume == null ? 0 : 1

  name = "take-over"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ec2:AttachVolume"]
        Resource = [aws_ebs_volume.data[0].arn]
      },
      {
        Effect   = "Allow"
        Action   = ["ec2:AssociateAddress"]
        Resource = [aws_eip.this[0].arn]
      },
      {
        Effect    = "Allow"
        Action    = ["ec2:AttachVolume", "ec2:AssociateAddress"]
        Resource  = ["arn:aws:ec2:${var.region}:*:instance/*"]
        Condition = { StringEquals = { "ec2:ResourceTag/Name" = var.name } }
      },
    ]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.name}-instances"
  role = aws_iam_role.this.name
}

# It stays when the instance goes, and Terraform refuses to remove it.
resource "aws_ebs_volume" "data" {
  count = var.data_volume == null ? 0 : 1

  availability_zone = var.data_volume.zone
  type              = "gp3"
  size              = var.data_volume.size_gib
  encrypted         = true
  kms_key_id        = var.kms_key_arn
  final_snapshot    = true
  tags              = { Name = "${var.name}-data", Backup = var.name }

  lifecycle {
    prevent_destroy = true
  }
}

# Senders of alerts find the next instance where the one before was.
resource "aws_eip" "this" {
  #checkov:skip=CKV2_AWS_19:the instance takes it when it starts, whichever it is
  count = var.data_volume == null ? 0 : 1

  domain = "vpc"
  tags   = { Name = var.name }
}
