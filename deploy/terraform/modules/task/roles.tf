locals {
  assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })

  read_secrets = length(local.secret_arns) == 0 ? [] : [{
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = local.secret_arns
  }]

  # One key may be that of everything else that is stored, too.
  decrypt = length(var.secret_key_arns) == 0 || length(local.secret_arns) == 0 ? [] : [{
    Effect    = "Allow"
    Action    = ["kms:Decrypt"]
    Resource  = var.secret_key_arns
    Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.amazonaws.com" } }
  }]

  pull = length(var.repository_arns) == 0 ? [] : [
    {
      Effect = "Allow"
      Action = ["ecr:GetAuthorizationToken"]
      # AWS knows no narrower one for this action.
      Resource = ["*"]
    },
    {
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = var.repository_arns
    },
  ]

  write_log = [{
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = ["${var.log_group.arn}:*"]
  }]
}

# What starts the task may read its secrets; the task itself may not, nor those of another.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-start"
  assume_role_policy = local.assume
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.write_log, local.pull, local.read_secrets, local.decrypt)
  })
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = local.assume
}

resource "aws_iam_role_policy" "task" {
  count = length(var.task_statements) > 0 ? 1 : 0

  name = "task"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in var.task_statements : {
      Effect   = "Allow"
      Action   = statement.actions
      Resource = statement.resources
    }]
  })
}
