mock_provider "aws" {}

variables {
  name         = "migrate"
  region       = "eu-central-1"
  network_mode = "bridge"
  log_group    = { name = "/alerting/test", arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/alerting/test" }
  cluster      = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/alerting", name = "alerting", capacity_provider = "alerting", memory = 1700 }
  container    = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", command = ["migrate"], memory = 128 }
}

run "the_command_is_the_programs" {
  command = plan

  assert {
    condition     = join(" ", output.containers[0].command) == "migrate" && output.containers[0].healthCheck == null
    error_message = "the task must run just what it is told, and end"
  }
}

run "a_task_that_does_not_fit" {
  command = plan

  variables {
    container = { image = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", command = ["migrate"], memory = 1701 }
  }

  expect_failures = [terraform_data.run]
}

run "a_tag_is_no_image" {
  command = plan

  variables {
    container = { image = "registry/alerting:latest", command = ["migrate"], memory = 128 }
  }

  expect_failures = [var.container]
}
