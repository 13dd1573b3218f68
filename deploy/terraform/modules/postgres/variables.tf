variable "name" {
  description = "Put before the names of what is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "name must be 2 to 24 small letters, digits and hyphens, and begin with a letter."
  }
}

variable "vpc_id" {
  description = "Network."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be a network's id."
  }
}

variable "subnet_ids" {
  description = "Private subnets, one for each zone."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must be in two zones at least."
  }
}

variable "clients" {
  description = "Security groups that may connect, by any name."
  type        = map(string)

  validation {
    condition     = length(var.clients) > 0
    error_message = "clients must name who connects."
  }
}

variable "engine_version" {
  description = "Major version of PostgreSQL; minor ones come by themselves."
  type        = string
  default     = "17"

  validation {
    condition     = can(regex("^1[6-9]$", var.engine_version))
    error_message = "engine_version must be 16 to 19, without a minor version."
  }
}

variable "instance_class" {
  description = "Size, such as db.m7g.large."
  type        = string

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class must begin with db."
  }
}

variable "storage_gib" {
  description = "Storage; it grows by itself to four times this."
  type        = number

  validation {
    condition     = var.storage_gib >= 20 && var.storage_gib <= 16384
    error_message = "storage_gib must be 20 to 16384."
  }
}

variable "backup_days" {
  description = "Days to any second of which the database can be put back."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days must be 1 to 35: without backups there is no Multi-AZ either."
  }
}

variable "password" {
  description = "Where the password is: the secret, the key in its document, and the generation, which changes when it does."
  type = object({
    secret_arn = string
    key        = string
    generation = number
  })

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:", var.password.secret_arn))
    error_message = "password.secret_arn must be a secret's ARN."
  }
}

variable "kms_key_arn" {
  description = "Key of the storage and the logs; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
