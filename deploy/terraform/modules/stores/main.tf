locals {
  kafka     = "kafka.${var.namespace.name}"
  databases = "databases.${var.namespace.name}"
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:the task has it, by way of modules/service
  for_each = { kafka = "Kafka", databases = "PostgreSQL and Valkey" }

  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = {
    Kafka      = { of = "kafka", port = 9092 }
    PostgreSQL = { of = "databases", port = 5432 }
    Valkey     = { of = "databases", port = 6379 }
  }

  security_group_id            = aws_security_group.this[each.value.of].id
  description                  = each.key
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

module "task" {
  source   = "../task"
  for_each = local.tasks

  name         = "${var.name}-${each.key}"
  region       = var.region
  log_group    = var.log_group
  network_mode = "awsvpc"
  volumes      = each.value.volumes
  containers   = each.value.containers
}

module "service" {
  source   = "../service"
  for_each = module.task

  task      = each.value
  cluster   = var.cluster
  discovery = { namespace_id = var.namespace.id, name = each.key }
  exclusive = true
  tasks     = { min = 1, max = 1 }

  network = {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.this[each.key].id]
  }
}
