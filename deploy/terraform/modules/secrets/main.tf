# Not known while the generation changes, so that passwords are asked for by the run that writes them and not by its plan.
resource "terraform_data" "password" {
  input = { generation = var.generation, length = 40 }
}

# Made anew by each run and never written down by Terraform: an ephemeral value is in no state and in no plan. It gets into
# Secrets Manager only when the generation changes, so in all other runs it is thrown away.
ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = var.generated

  password_length = terraform_data.password.output.length
  # In URLs, connection strings and configuration files, all of these stand for themselves.
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV_AWS_149:encrypted with AWS's own key unless one is given; a key of one's own is a dollar a month
  #checkov:skip=CKV2_AWS_57:a password that a timer changes is one that running services do not know; see generation
  name        = var.name
  description = var.description
  kms_key_id  = var.kms_key_arn
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret.this.id
  secret_string_wo = jsonencode(merge(
    var.fixed,
    { for key in var.generated : key => ephemeral.aws_secretsmanager_random_password.this[key].random_password },
  ))
  secret_string_wo_version = var.generation
}
