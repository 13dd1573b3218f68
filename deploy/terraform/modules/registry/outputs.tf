output "repository_url" {
  description = "Where to push; with @sha256:… behind it, an image."
  value       = aws_ecr_repository.this.repository_url
}

output "repository_arn" {
  description = "For the policies of who pulls."
  value       = aws_ecr_repository.this.arn
}
