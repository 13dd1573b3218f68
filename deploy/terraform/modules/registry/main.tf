resource "aws_ecr_repository" "this" {
  name = var.name
  # A tag that could be moved would say nothing about what runs.
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    #checkov:skip=CKV_AWS_136:AES256 encrypts as well; a key of one's own is a dollar a month and is used where one is given
    encryption_type = var.kms_key_arn == null ? "AES256" : "KMS"
    kms_key         = var.kms_key_arn
  }
}

# Counted by push and not by age: what runs for a year without a release must stay, and so must what can be rolled back to.
resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "the last ${var.images_kept} images"
      selection = {
        tagStatus   = "any"
        countType   = "imageCountMoreThan"
        countNumber = var.images_kept
      }
      action = { type = "expire" }
    }]
  })
}
