# Of the version and not of the secret, so that whoever reads it does so after it was written.
output "arn" {
  description = "Of the secret, when it has its value."
  value       = aws_secretsmanager_secret_version.this.arn
}

output "references" {
  description = "For each key, what a task definition's `secrets` names."
  value = {
    for key in concat(tolist(var.generated), keys(var.fixed)) : key => "${aws_secretsmanager_secret_version.this.arn}:${key}::"
  }
}

output "generation" {
  description = "Changes when the passwords do."
  value       = var.generation
}
