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
    memory_size             = 2048
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

variables {
  region = "eu-central-1"
  zone   = "eu-central-1a"
  image  = "registry/alerting@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  store_images = {
    kafka    = "apache/kafka@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    postgres = "postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    valkey   = "valkey/valkey@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "it_fits_a_small_instance" {
  command = plan

  assert {
    condition     = output.memory.tasks <= output.memory.instance
    error_message = "all tasks, and a migration beside them, must fit into a t4g.small"
  }
}

run "every_service_runs" {
  command = plan

  assert {
    condition = toset(keys(module.service)) == toset([
      "ingest", "rule-service", "rule-updater", "evaluator", "aggregator", "sender", "metrics",
    ])
    error_message = "a service is missing"
  }

  assert {
    condition     = length(module.migrate) == 1 && length(module.topics) == 1
    error_message = "migrations and topics must be made by tasks"
  }

  assert {
    condition = (
      [for container in module.task["migrate"].containers : join(" ", container.command)] == ["migrate"] &&
      [for container in module.task["topics"].containers : join(" ", container.command)] == ["topics create"]
    )
    error_message = "a task that runs once must do just what it is told, and end"
  }
}

run "without_an_image_there_is_where_to_push_one" {
  command = plan

  variables {
    image = null
  }

  assert {
    condition     = length(module.task) == 0 && length(module.service) == 0 && length(module.migrate) == 0 && length(module.topics) == 0
    error_message = "nothing can run that has no image"
  }
}

run "a_tag_is_no_image" {
  command = plan

  variables {
    image = "registry/alerting:latest"
  }

  expect_failures = [var.image]
}

run "the_ui_is_not_open_to_the_world" {
  command = plan

  variables {
    ui_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.ui_cidrs]
}

run "nor_is_it_by_halves" {
  command = plan

  variables {
    ui_cidrs = ["0.0.0.0/1", "128.0.0.0/1"]
  }

  expect_failures = [var.ui_cidrs]
}
