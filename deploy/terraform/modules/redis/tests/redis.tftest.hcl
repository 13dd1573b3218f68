mock_provider "aws" {
  mock_data "aws_secretsmanager_secret_version" {
    defaults = {
      secret_string = "{\"redis\": \"0123456789abcdef0123456789abcdef\"}"
    }
  }
}

variables {
  name       = "alerting"
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1", "subnet-2", "subnet-3"]
  clients    = { tasks = "sg-1" }
  node_type  = "cache.t4g.medium"
  token      = { secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1", key = "redis" }
}

run "tls_and_a_token" {
  command = plan

  assert {
    condition = (
      aws_elasticache_replication_group.this.transit_encryption_enabled &&
      aws_elasticache_replication_group.this.transit_encryption_mode == "required" &&
      aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true" &&
      aws_elasticache_replication_group.this.auth_token == "0123456789abcdef0123456789abcdef"
    )
    error_message = "nobody may connect without TLS or without the token"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "another zone must take over"
  }

  assert {
    condition     = one(aws_elasticache_parameter_group.this.parameter).value == "noeviction"
    error_message = "the rule set must not be evicted"
  }
}
