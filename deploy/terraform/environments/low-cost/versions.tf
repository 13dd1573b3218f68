terraform {
  required_version = ">= 1.11, < 2"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exact, because lock files are not committed: see deploy/terraform/README.md.
      version = "5.100.0"
    }
  }

  # Where the state is comes with `terraform init -backend-config=…`: see README.md.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "alerting"
      Environment = var.name
    }
  }
}
