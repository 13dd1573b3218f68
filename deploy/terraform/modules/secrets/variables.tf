variable "name" {
  description = "Of the secret."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,200}$", var.name))
    error_message = "name must be 1 to 200 letters, digits and any of /_+=.@-"
  }
}

variable "description" {
  description = "What the secret is for."
  type        = string

  validation {
    condition     = length(var.description) > 0
    error_message = "description must not be empty."
  }
}

variable "generated" {
  description = "Keys of the secret's document whose values are random passwords."
  type        = set(string)

  validation {
    condition     = length(var.generated) > 0 && alltrue([for key in var.generated : can(regex("^[a-z][a-z0-9_]*$", key))])
    error_message = "generated must name at least one key, in small letters, digits and underscores."
  }
}

variable "fixed" {
  description = "Further keys of the document with values that are no secret, such as a user's name."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.fixed) : !can(regex("(?i)password|token|secret", key))])
    error_message = "fixed is written into the state: passwords are generated, or put into a secret by hand."
  }
}

variable "generation" {
  description = "Counted up to have new passwords; whoever uses them is changed in the same run, and services start anew."
  type        = number
  default     = 1

  validation {
    condition     = var.generation >= 1 && floor(var.generation) == var.generation
    error_message = "generation must be 1 or a greater whole number."
  }
}

variable "kms_key_arn" {
  description = "Key of the secret; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
