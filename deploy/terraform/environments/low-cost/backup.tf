# One snapshot holds all that has to be kept, at one moment: PostgreSQL and Kafka start from it as after a power cut.
resource "aws_iam_role" "backup" {
  name = "${var.name}-backup"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "dlm.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole"
}

resource "aws_dlm_lifecycle_policy" "data" {
  #checkov:skip=CKV_AWS_253:snapshots are encrypted as the volume is
  #checkov:skip=CKV_AWS_254:snapshots are encrypted as the volume is
  #checkov:skip=CKV_AWS_255:nothing is copied to another region
  description        = "Daily snapshots of the volume of ${var.name}"
  execution_role_arn = aws_iam_role.backup.arn

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { Backup = var.name }

    schedule {
      name = "daily"

      create_rule {
        interval = 24
        times    = ["03:00"]
      }

      retain_rule {
        count = 7
      }
    }
  }
}
