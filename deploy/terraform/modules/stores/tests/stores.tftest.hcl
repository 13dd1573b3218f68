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
    condition     = { for each in output.containers[0].environment : each.name => each.value }["KAFKA_PROCESS_ROLES"] == "broker,controller"
    error_message = "there must be no second task whose start comes first or last"
  }

  assert {
    condition     = !anytrue([for each in output.containers[0].environment : each.name == "KAFKA_NUM_PARTITIONS"])
    error_message = "the number of partitions is in one place, and it is not this one"
  }
}

run "what_is_stored_outlives_its_task" {
  command = plan

  assert {
    condition = alltrue([for container in output.containers : length(container.mountPoints) == 1]) && [
      for container in output.containers : one(container.mountPoints).containerPath
    ] == ["/var/lib/kafka/data", "/var/lib/postgresql", "/data"]
    error_message = "each store must have its directory on the durable volume"
  }

  assert {
    condition     = alltrue([for each in output.containers[0].environment : each.value == "/var/lib/kafka/data" if each.name == "KAFKA_LOG_DIRS"])
    error_message = "Kafka must write where the volume is"
  }
}

run "a_password_is_in_no_command" {
  command = plan

  assert {
    condition     = !strcontains(jsonencode([for container in output.containers : container.command]), "--requirepass")
    error_message = "a password must not be among a process's arguments"
  }
}

run "a_heap_that_does_not_fit" {
  command = plan

  variables {
    kafka_heap = 400
  }

  expect_failures = [var.kafka_heap]
}

run "a_tag_is_no_image" {
  command = plan

  variables {
    images = { kafka = "apache/kafka:latest", postgres = "postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", valkey = "valkey/valkey@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }

  expect_failures = [var.images]
}
