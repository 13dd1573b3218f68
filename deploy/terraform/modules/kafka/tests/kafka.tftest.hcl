mock_provider "aws" {}

variables {
  name            = "alerting"
  vpc_id          = "vpc-1"
  subnet_ids      = ["subnet-1", "subnet-2", "subnet-3"]
  clients         = { tasks = "sg-1" }
  instance_type   = "kafka.m7g.large"
  storage_gib     = 100
  user_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_alerting-1"
  kms_key_arn     = "arn:aws:kms:eu-central-1:123456789012:key/k"
}

run "no_broker_loses_what_it_took" {
  command = plan

  assert {
    condition = alltrue([for line in [
      "auto.create.topics.enable=false", "default.replication.factor=3", "min.insync.replicas=2", "unclean.leader.election.enable=false",
    ] : contains(split("\n", aws_msk_configuration.this.server_properties), line)])
    error_message = "two of three copies must be written, and topics made by the task only"
  }

  assert {
    condition     = !strcontains(aws_msk_configuration.this.server_properties, "num.partitions")
    error_message = "the number of partitions is in one place, and it is not this one"
  }

  assert {
    condition = (
      one(one(aws_msk_cluster.this.encryption_info).encryption_in_transit).client_broker == "TLS" &&
      one(one(aws_msk_cluster.this.client_authentication).sasl).scram && !one(aws_msk_cluster.this.client_authentication).unauthenticated
    )
    error_message = "clients must come by TLS, and say who they are"
  }
}

run "figures_that_cost_nothing" {
  command = plan

  assert {
    condition     = aws_msk_cluster.this.enhanced_monitoring == "DEFAULT"
    error_message = "lag and storage are among the figures that are free; the others are charged and nobody looks at them"
  }
}

run "msk_takes_no_other_secret" {
  command = plan

  variables {
    user_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:kafka-1"
  }

  expect_failures = [var.user_secret_arn]
}

run "three_zones" {
  command = plan

  variables {
    subnet_ids = ["subnet-1", "subnet-2"]
  }

  expect_failures = [var.subnet_ids]
}
