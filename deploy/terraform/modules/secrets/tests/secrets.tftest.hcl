# Terraform has no mocks of ephemeral resources yet. The provider itself plans without a network, as long as it reads nothing.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name        = "alerting/passwords"
  description = "for a test"
  generated   = ["postgres", "valkey"]
}

run "values_are_not_in_the_state" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_string == null
    error_message = "the document must be written by secret_string_wo, which Terraform does not keep"
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_string_wo_version == 1
    error_message = "the document must be written once"
  }

  assert {
    condition     = toset(keys(output.references)) == toset(["postgres", "valkey"])
    error_message = "each key must have its reference"
  }
}

run "a_new_generation_is_written" {
  command = plan

  variables {
    generation = 2
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_string_wo_version == 2
    error_message = "a new generation must be written"
  }
}

run "passwords_are_not_given" {
  command = plan

  variables {
    fixed = { password = "known" }
  }

  expect_failures = [var.fixed]
}
