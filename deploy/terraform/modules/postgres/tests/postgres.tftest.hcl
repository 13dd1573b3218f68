# Terraform has no mocks of ephemeral resources yet. The provider itself plans without a network, as long as it reads nothing.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name           = "alerting"
  vpc_id         = "vpc-1"
  subnet_ids     = ["subnet-1", "subnet-2", "subnet-3"]
  clients        = { tasks = "sg-1" }
  instance_class = "db.m7g.large"
  storage_gib    = 100
  password       = { secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1", key = "postgres", generation = 3 }
}

run "nothing_is_lost" {
  command = plan

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.storage_encrypted && aws_db_instance.this.deletion_protection
    error_message = "the database must be in two zones, encrypted, and not removed by accident"
  }

  assert {
    condition     = !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == "alerting-final"
    error_message = "the last snapshot must be taken, under a name that is always the same"
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period == 14 && !aws_db_instance.this.publicly_accessible
    error_message = "there must be backups, and no public address"
  }

  assert {
    condition     = aws_db_instance.this.password == null && aws_db_instance.this.password_wo_version == 3
    error_message = "the password must be in no state, and change with its generation"
  }
}

run "its_logs_end" {
  command = plan

  assert {
    condition     = { for group in aws_cloudwatch_log_group.this : group.name => group.retention_in_days } == { "/aws/rds/instance/alerting/postgresql" = 14, "/aws/rds/instance/alerting/upgrade" = 14 }
    error_message = "RDS would make the groups itself, and keep what is in them for ever"
  }

  assert {
    condition     = aws_db_instance.this.enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"])
    error_message = "what PostgreSQL says must be written down"
  }
}

run "backups_are_not_switched_off" {
  command = plan

  variables {
    backup_days = 0
  }

  expect_failures = [var.backup_days]
}
