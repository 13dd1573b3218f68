terraform {
  required_version = ">= 1.11, < 2"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exact, because lock files are not committed: see deploy/terraform/README.md.
      version = "5.100.0"
    }
  }
}
