# Terraform has no mocks of ephemeral resources yet. The provider itself plans without a network, as long as it reads nothing:
# what it would read is overridden.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.cluster.data.aws_ec2_instance_type.this
  values = {
    memory_size             = 8192
    default_vcpus           = 2
    supported_architectures = ["arm64"]
  }
}

override_data {
  target = module.cluster.data.aws_ssm_parameter.image
  values = {
    insecure_value = "ami-0123456789abcdef0"
  }
}

override_data {
  target = data.aws_caller_identity.this
  values = {
    account_id = "123456789012"
  }
}

override_data {
  target = module.redis.data.aws_secretsmanager_secret_version.token
  values = {
    secret_string = "{\"redis\": \"0123456789abcdef0123456789abcdef\"}"
  }
}

variables {
  region          = "eu-central-1"
  zones           = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  image           = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  hosts           = { ingest = "alerts.example.com", ui = "ui.alerts.example.com" }
  certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/c"
  client_cidrs    = ["0.0.0.0/0"]
}

run "every_service_runs" {
  command = plan

  assert {
    condition = toset(keys(module.service)) == toset([
      "ingest", "rule-service", "alert-producer", "rule-updater", "evaluator", "aggregator", "sender", "metrics",
    ])
    error_message = "a service is missing"
  }

  assert {
    condition     = alltrue([for name in ["evaluator", "aggregator", "sender"] : local.tasks[name].max == local.partitions])
    error_message = "a consumer must have as many tasks at most as there are partitions, which the program says"
  }
}

run "tasks_are_reached_by_the_load_balancer_and_tasks_only" {
  command = plan

  assert {
    condition = alltrue([
      for rule in concat(values(aws_vpc_security_group_ingress_rule.load_balancer), values(aws_vpc_security_group_ingress_rule.tasks)) :
      rule.cidr_ipv4 == null && rule.cidr_ipv6 == null && rule.prefix_list_id == null
    ])
    error_message = "tasks must be open to security groups, never to addresses"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.load_balancer : rule.from_port]) == toset([8080, 8081])
    error_message = "the load balancer must reach ingest and rule-service"
  }
}

run "a_full_store_is_told_of" {
  command = plan

  assert {
    condition = [for number in ["1", "2", "3"] : local.alarms["kafka-storage-${number}"].dimensions] == [
      for number in ["1", "2", "3"] : { "Cluster Name" = "alerting", "Broker ID" = number }
    ]
    error_message = "MSK has that figure of each broker, and of the cluster none: its alarm would never go off"
  }

  assert {
    condition     = local.alarms["redis-memory"].dimensions == { CacheClusterId = "alerting-001" }
    error_message = "a Valkey that is full takes no rules, since nothing is thrown out of it"
  }
}

run "the_key_is_given_on_to_aws_only" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_kms_key.this.policy).Statement : try(statement.Condition, null)
    if contains(flatten([statement.Action]), "kms:CreateGrant")] == [{ Bool = { "kms:GrantIsForAWSResource" = "true" } }]
    error_message = "who starts instances must not give the key to anybody but AWS"
  }
}

run "three_zones" {
  command = plan

  variables {
    zones = ["eu-central-1a", "eu-central-1b"]
  }

  expect_failures = [var.zones]
}
