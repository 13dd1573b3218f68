mock_provider "aws" {}

variables {
  name                     = "alerting"
  region                   = "eu-central-1"
  vpc_id                   = "vpc-1"
  subnet_ids               = ["subnet-1"]
  client_security_group_id = "sg-1"
  cluster                  = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/alerting", name = "alerting", capacity_provider = "alerting", memory = 1724 }
  log_group                = { name = "/alerting/test", arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/alerting/test" }
  namespace                = { id = "ns-1", name = "alerting.internal" }
  memory                   = { kafka = 448, postgres = 160, valkey = 64 }
  images = {
    kafka    = "apache/kafka@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    postgres = "postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    valkey   = "valkey/valkey@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  secrets = {
    postgres = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1:postgres::"
    valkey   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1:valkey::"
  }
}

run "one_process_is_broker_and_controller" {
  command = plan

  assert {
    condition     = { for each in module.task["kafka"].containers[0].environment : each.name => each.value }["KAFKA_PROCESS_ROLES"] == "broker,controller"
    error_message = "there must be no second task whose start comes first or last"
  }

  assert {
    condition     = !anytrue([for each in module.task["kafka"].containers[0].environment : each.name == "KAFKA_NUM_PARTITIONS"])
    error_message = "the number of partitions is in one place, and it is not this one"
  }
}

run "what_is_stored_outlives_its_task" {
  command = plan

  assert {
    condition = { for container in output.containers : container.name => container.mountPoints[*].containerPath } == {
      kafka = ["/var/lib/kafka/data"], postgres = ["/var/lib/postgresql"], valkey = ["/data"]
    }
    error_message = "each store must have its directory on the durable volume"
  }

  assert {
    condition     = { for each in module.task["kafka"].containers[0].environment : each.name => each.value }["KAFKA_LOG_DIRS"] == "/var/lib/kafka/data"
    error_message = "Kafka must write where the volume is"
  }
}

run "nobody_else_gets_in" {
  command = plan

  assert {
    condition = { for name, rule in aws_vpc_security_group_ingress_rule.this : name => [rule.from_port, rule.to_port, rule.referenced_security_group_id] } == {
      Kafka = [9092, 9092, "sg-1"], PostgreSQL = [5432, 5432, "sg-1"], Valkey = [6379, 6379, "sg-1"]
    }
    error_message = "stores must be open to their clients only"
  }
}

run "a_password_is_in_no_command" {
  command = plan

  assert {
    condition     = !strcontains(jsonencode([for container in output.containers : container.command]), "--requirepass")
    error_message = "a password must not be among a process's arguments"
  }
}

run "the_heap_fits" {
  command = plan

  assert {
    condition     = { for each in module.task["kafka"].containers[0].environment : each.name => each.value }["KAFKA_HEAP_OPTS"] == "-Xms224m -Xmx224m"
    error_message = "a heap is half of what a process needs"
  }
}

run "too_little_for_a_heap" {
  command = plan

  variables {
    memory = { kafka = 383, postgres = 160, valkey = 64 }
  }

  expect_failures = [var.memory]
}

run "a_tag_is_no_image" {
  command = plan

  variables {
    images = { kafka = "apache/kafka:latest", postgres = "postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", valkey = "valkey/valkey@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }

  expect_failures = [var.images]
}
