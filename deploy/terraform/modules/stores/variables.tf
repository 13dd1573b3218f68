variable "name" {
  description = "Put before the names of what is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "name must be 2 to 24 small letters, digits and hyphens, and begin with a letter."
  }
}

variable "region" {
  description = "Region of the logs."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must look like eu-central-1."
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
  description = "Private subnet in the zone of the volume."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) == 1
    error_message = "subnet_ids must be one, in the zone of the volume."
  }
}

variable "cluster" {
  description = "The cluster, as modules/ecs-cluster puts it out."
  type = object({
    arn               = string
    name              = string
    capacity_provider = string
    memory            = number
  })

  validation {
    condition     = var.cluster.memory > 0
    error_message = "cluster.memory must be what one instance has for tasks, in MiB."
  }
}

variable "log_group" {
  description = "Where the containers' output goes."
  type = object({
    name = string
    arn  = string
  })

  validation {
    condition     = startswith(var.log_group.name, "/")
    error_message = "log_group.name must begin with a slash."
  }
}

variable "namespace" {
  description = "Namespace of Cloud Map: its id and its name."
  type = object({
    id   = string
    name = string
  })

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9.-]+$", var.namespace.name))
    error_message = "namespace.name must look like alerting.internal."
  }
}

variable "client_security_group_id" {
  description = "Whose tasks may connect."
  type        = string

  validation {
    condition     = startswith(var.client_security_group_id, "sg-")
    error_message = "client_security_group_id must be a security group's id."
  }
}

variable "images" {
  description = "Images by digest, each for the instance's processor: of apache/kafka, of postgres (Debian) and of valkey/valkey (Debian)."
  type = object({
    kafka    = string
    postgres = string
    valkey   = string
  })

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "images must end with @sha256: and the 64 digits of a digest."
  }
}

variable "memory" {
  description = "Most MiB of each container."
  type = object({
    kafka    = number
    postgres = number
    valkey   = number
  })

  validation {
    condition     = var.memory.kafka >= 384 && var.memory.postgres >= 128 && var.memory.valkey >= 48
    error_message = "memory must be 384 MiB for kafka, 128 for postgres and 48 for valkey, or more."
  }
}

variable "secrets" {
  description = "References to the passwords, as modules/secrets puts them out."
  type = object({
    postgres = string
    valkey   = string
  })

  validation {
    condition     = alltrue([for reference in values(var.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:", reference))])
    error_message = "secrets must be references to Secrets Manager."
  }
}
