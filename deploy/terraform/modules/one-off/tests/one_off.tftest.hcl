variables {
  cluster = { name = "alerting", capacity_provider = "alerting", memory = 1700 }
  task = {
    name         = "migrate"
    arn          = "arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"
    region       = "eu-central-1"
    network_mode = "bridge"
    memory       = 128
    log_group    = { name = "/alerting/test" }
    containers   = [{ name = "migrate", command = ["migrate"], healthCheck = null }]
  }
}

run "it_runs_for_each_revision" {
  command = plan

  assert {
    condition     = terraform_data.run.triggers_replace == ["arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"]
    error_message = "another image is another revision, and has to run"
  }
}

run "a_task_that_does_not_fit" {
  command = plan

  variables {
    task = {
      name         = "migrate"
      arn          = "arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"
      region       = "eu-central-1"
      network_mode = "bridge"
      memory       = 1701
      log_group    = { name = "/alerting/test" }
      containers   = [{ name = "migrate", command = ["migrate"], healthCheck = null }]
    }
  }

  expect_failures = [terraform_data.run]
}

run "a_task_that_does_nothing" {
  command = plan

  variables {
    task = {
      name         = "migrate"
      arn          = "arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"
      region       = "eu-central-1"
      network_mode = "bridge"
      memory       = 128
      log_group    = { name = "/alerting/test" }
      containers   = [{ name = "migrate", command = [], healthCheck = null }]
    }
  }

  expect_failures = [var.task]
}

run "a_task_that_is_asked_for_its_health" {
  command = plan

  variables {
    task = {
      name         = "migrate"
      arn          = "arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"
      region       = "eu-central-1"
      network_mode = "bridge"
      memory       = 128
      log_group    = { name = "/alerting/test" }
      containers   = [{ name = "migrate", command = ["migrate"], healthCheck = { command = ["CMD", "alerting", "health"] } }]
    }
  }

  expect_failures = [var.task]
}

run "a_container_whose_log_is_not_found" {
  command = plan

  variables {
    task = {
      name         = "migrate"
      arn          = "arn:aws:ecs:eu-central-1:123456789012:task-definition/migrate:1"
      region       = "eu-central-1"
      network_mode = "bridge"
      memory       = 128
      log_group    = { name = "/alerting/test" }
      containers   = [{ name = "other", command = ["migrate"], healthCheck = null }]
    }
  }

  expect_failures = [var.task]
}
