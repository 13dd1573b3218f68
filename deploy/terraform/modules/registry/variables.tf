variable "name" {
  description = "Of the repository."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9/_-]{1,99}$", var.name))
    error_message = "name must be 2 to 100 small letters, digits, slashes, hyphens and underscores."
  }
}

variable "images_kept" {
  description = "Images that are kept, the newest first; the one that runs and those to go back to must be among them."
  type        = number
  default     = 20

  validation {
    condition     = var.images_kept >= 5 && var.images_kept <= 1000
    error_message = "images_kept must be 5 to 1000."
  }
}

variable "kms_key_arn" {
  description = "Key of the images; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
