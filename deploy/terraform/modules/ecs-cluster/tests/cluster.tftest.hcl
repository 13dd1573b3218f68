mock_provider "aws" {
  mock_data "aws_ec2_instance_type" {
    defaults = {
      memory_size             = 2048
      default_vcpus           = 2
      supported_architectures = ["arm64"]
    }
  }
  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-0123456789abcdef0"
    }
  }
}

variables {
  name           = "alerting"
  region         = "eu-central-1"
  instance_type  = "t4g.small"
  instances      = { min = 1, max = 1 }
  vpc_id         = "vpc-1"
  subnet_ids     = ["subnet-1"]
  public_address = true
  tasks          = { all = { memory = 800, cpu = 512, count = 2 } }
  data_volume    = { zone = "eu-central-1a", size_gib = 10, directories = { kafka = 1000, postgres = 999 } }
}

run "the_image_is_amazons_newest" {
  command = plan

  assert {
    condition     = data.aws_ssm_parameter.image.name == "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
    error_message = "the image must be found by its parameter, for the instance's processor"
  }

  assert {
    condition     = aws_launch_template.this.image_id == "ami-0123456789abcdef0"
    error_message = "the image must be the parameter's"
  }
}

run "x86_has_another_image" {
  command = plan

  override_data {
    target = data.aws_ec2_instance_type.this
    values = {
      memory_size             = 2048
      default_vcpus           = 2
      supported_architectures = ["x86_64"]
    }
  }

  assert {
    condition     = data.aws_ssm_parameter.image.name == "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
    error_message = "the image must be for the instance's processor"
  }
}

run "metadata_is_version_2_and_for_the_instance_only" {
  command = plan

  assert {
    condition = (
      one(aws_launch_template.this.metadata_options).http_tokens == "required" &&
      one(aws_launch_template.this.metadata_options).http_put_response_hop_limit == 1
    )
    error_message = "a container must have no way to the instance's role"
  }
}

run "tasks_fit" {
  command = plan

  assert {
    condition     = output.cluster.memory == 1724
    error_message = "of 2048 MiB, the kernel and the agent keep some"
  }
}

run "a_task_that_does_not_fit" {
  command = plan

  variables {
    tasks = { one = { memory = 1725, cpu = 64, count = 1 } }
  }

  expect_failures = [aws_launch_template.this]
}

run "tasks_that_do_not_fit_together" {
  command = plan

  variables {
    tasks = { some = { memory = 575, cpu = 64, count = 3 } }
  }

  expect_failures = [aws_launch_template.this]
}

run "tasks_that_want_too_much_cpu" {
  command = plan

  variables {
    tasks = { some = { memory = 100, cpu = 1024, count = 3 } }
  }

  expect_failures = [aws_launch_template.this]
}

run "the_volume_outlives_instances" {
  command = plan

  assert {
    condition     = one(aws_ebs_volume.data).encrypted && one(aws_ebs_volume.data).final_snapshot
    error_message = "the volume must be encrypted, and never go without a snapshot"
  }

  assert {
    condition     = one(aws_autoscaling_group.this.instance_refresh[*].preferences[0].min_healthy_percentage) == 0
    error_message = "the volume is free only when the old instance has gone"
  }
}

run "a_volume_is_of_one_instance" {
  command = plan

  variables {
    instances = { min = 1, max = 2 }
  }

  expect_failures = [aws_autoscaling_group.this]
}

run "nothing_is_open_unless_named" {
  command = plan

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.this) == 0
    error_message = "no port may be open by default"
  }
}

run "rule_service_is_not_open_to_the_world" {
  command = plan

  variables {
    ingress = { ui = { port = 8081, cidrs = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.ingress]
}

run "nor_is_alert_producer" {
  command = plan

  variables {
    ingress = { producer = { port = 8082, cidrs = ["10.0.0.0/8", "0.0.0.0/0"] } }
  }

  expect_failures = [var.ingress]
}

run "nor_is_metrics_by_halves" {
  command = plan

  variables {
    ingress = { metrics = { port = 8083, cidrs = ["0.0.0.0/1", "128.0.0.0/1"] } }
  }

  expect_failures = [var.ingress]
}
