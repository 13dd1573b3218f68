mock_provider "aws" {}

variables {
  name            = "evaluator"
  region          = "eu-central-1"
  network_mode    = "bridge"
  log_group       = { name = "/alerting/test", arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/alerting/test" }
  repository_arns = ["arn:aws:ecr:eu-central-1:123456789012:repository/alerting"]
  containers = {
    evaluator = {
      image       = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      command     = ["evaluator"]
      memory      = 128
      port        = 8085
      environment = { ALERTING_PORT = "8085" }
      secrets     = { ALERTING_REDIS_PASSWORD = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1:redis::" }
    }
  }
}

run "the_container_is_confined" {
  command = plan

  assert {
    condition     = output.containers[0].readonlyRootFilesystem && !output.containers[0].privileged && output.containers[0].user == "10001:10001"
    error_message = "the root file system must be read-only, and the user not root"
  }

  assert {
    condition     = output.containers[0].linuxParameters.capabilities.drop == ["ALL"] && output.containers[0].dockerSecurityOptions == ["no-new-privileges"]
    error_message = "the container must have no capabilities, and get none"
  }
}

run "the_program_answers_for_its_health" {
  command = plan

  assert {
    condition     = join(" ", output.containers[0].healthCheck.command) == "CMD alerting health"
    error_message = "the image has no other program that could be asked"
  }
}

run "a_revision_stays_to_go_back_to" {
  command = plan

  assert {
    condition     = aws_ecs_task_definition.this.skip_destroy
    error_message = "a rollback needs the revision before"
  }
}

run "secrets_come_from_secrets_manager" {
  command = plan

  assert {
    condition     = output.containers[0].secrets == [{ name = "ALERTING_REDIS_PASSWORD", valueFrom = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1:redis::" }]
    error_message = "a secret must be handed over by reference"
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource
    if contains(statement.Action, "secretsmanager:GetSecretValue")] == [["arn:aws:secretsmanager:eu-central-1:123456789012:secret:p-1"]]
    error_message = "just the secrets that are named may be read"
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0
    error_message = "the program itself must have no rights"
  }
}

run "a_key_opens_secrets_only" {
  command = plan

  variables {
    secret_key_arns = ["arn:aws:kms:eu-central-1:123456789012:key/k"]
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : try(statement.Condition, null)
    if contains(statement.Action, "kms:Decrypt")] == [{ StringEquals = { "kms:ViaService" = "secretsmanager.eu-central-1.amazonaws.com" } }]
    error_message = "the key of all that is stored must be of use for secrets only"
  }
}

run "who_has_no_secret_needs_no_key" {
  command = plan

  variables {
    secret_key_arns = ["arn:aws:kms:eu-central-1:123456789012:key/k"]
    containers      = { evaluator = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128 } }
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.execution.policy, "kms:")
    error_message = "a right that is of no use must not be given"
  }
}

run "a_tag_is_no_image" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting:latest", memory = 128 } }
  }

  expect_failures = [var.containers]
}

run "a_tag_with_a_short_digest_is_no_image" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting@sha256:0123", memory = 128 } }
  }

  expect_failures = [var.containers]
}

run "a_password_is_no_environment" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128, environment = { ALERTING_REDIS_PASSWORD = "x" } } }
  }

  expect_failures = [var.containers]
}

run "nor_is_a_url_with_one" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128, environment = { ALERTING_REDIS_URL = "redis://:x@host/0" } } }
  }

  expect_failures = [var.containers]
}

run "a_secret_is_a_reference" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128, secrets = { ALERTING_REDIS_PASSWORD = "x" } } }
  }

  expect_failures = [var.containers]
}

run "the_host_is_not_shared" {
  command = plan

  variables {
    network_mode = "host"
  }

  expect_failures = [var.network_mode]
}

run "a_volume_beside_the_durable_one" {
  command = plan

  variables {
    volumes = { data = "/var/lib/kafka" }
  }

  expect_failures = [var.volumes]
}

run "there_can_be_many_of_it" {
  command = plan

  assert {
    condition     = !output.exclusive && output.port == 8085 && output.memory == 128
    error_message = "a port that Docker picks is no task's own"
  }
}

run "a_directory_is_one_tasks" {
  command = plan

  variables {
    volumes = { data = "/data/kafka" }
  }

  assert {
    condition     = output.exclusive
    error_message = "two must not write to one directory"
  }
}

run "and_so_is_a_port_of_the_instance" {
  command = plan

  variables {
    containers = { evaluator = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128, port = 8085, host_port = 8085 } }
  }

  assert {
    condition     = output.exclusive
    error_message = "two cannot listen at one port"
  }
}

run "a_container_of_another_name_has_no_port_of_the_task" {
  command = plan

  variables {
    containers = { other = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", memory = 128, port = 8085 } }
  }

  assert {
    condition     = output.port == null
    error_message = "the load balancer must not be led to another container"
  }
}
