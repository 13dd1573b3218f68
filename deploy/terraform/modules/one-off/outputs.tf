output "id" {
  description = "Of this run, when it went well."
  value       = terraform_data.run.id
}
