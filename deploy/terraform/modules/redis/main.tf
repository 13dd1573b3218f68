locals {
  port = 6379
}

resource "aws_security_group" "this" {
  name        = "${var.name}-redis"
  description = "Valkey"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-redis" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.clients

  security_group_id            = aws_security_group.this.id
  description                  = each.key
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${var.name}-valkey8"
  family = "valkey8"

  # Nothing of the rule set may be thrown out to make room.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

# ElastiCache takes its token as an ordinary argument only, so this one secret is in the state, marked as sensitive.
data "aws_secretsmanager_secret_version" "token" {
  secret_id = var.token.secret_arn
}

# One shard: scripts of rule-updater touch several keys, which must not be in different slots.
resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "The rule set of ${var.name}, and what services remember"

  engine               = "valkey"
  engine_version       = "8.0"
  node_type            = var.node_type
  num_cache_clusters   = length(var.subnet_ids) > 2 ? 3 : 2
  parameter_group_name = aws_elasticache_parameter_group.this.name
  port                 = local.port

  multi_az_enabled           = true
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = jsondecode(data.aws_secretsmanager_secret_version.token.secret_string)[var.token.key]
  auth_token_update_strategy = "ROTATE"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn

  snapshot_retention_limit   = 1
  final_snapshot_identifier  = "${var.name}-final"
  auto_minor_version_upgrade = true
  apply_immediately          = true
}
