mock_provider "aws" {}

variables {
  name = "alerting"
}

run "images_are_what_they_were" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE"
    error_message = "a tag must not be moved"
  }

  assert {
    condition     = one(aws_ecr_repository.this.image_scanning_configuration).scan_on_push
    error_message = "images must be scanned"
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this.policy).rules[0].selection.countNumber == 20
    error_message = "the last images must be kept by number"
  }
}

run "there_is_something_to_roll_back_to" {
  command = plan

  variables {
    images_kept = 1
  }

  expect_failures = [var.images_kept]
}
