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

variable "node_type" {
  description = "Size, such as cache.t4g.medium; its memory has to hold the rule set twice."
  type        = string

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "node_type must begin with cache."
  }
}

variable "token" {
  description = "Where the token is: the secret, and the key in its document."
  type = object({
    secret_arn = string
    key        = string
  })

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:", var.token.secret_arn))
    error_message = "token.secret_arn must be a secret's ARN."
  }
}

variable "kms_key_arn" {
  description = "Key of what is stored; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
