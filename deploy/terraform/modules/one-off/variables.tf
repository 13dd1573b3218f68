variable "name" {
  description = "Of the task; roles are named after it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,55}$", var.name))
    error_message = "name must be 2 to 56 small letters, digits and hyphens, and begin with a letter."
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

variable "container" {
  description = "The task's one container, as in modules/task."
  type = object({
    image       = string
    command     = list(string)
    memory      = number
    environment = optional(map(string), {})
    secrets     = optional(map(string), {})
  })

  validation {
    condition     = length(var.container.command) > 0
    error_message = "container.command must say what to run."
  }

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.container.image))
    error_message = "image must end with @sha256: and the 64 digits of a digest."
  }
}

variable "network_mode" {
  description = "bridge shares the instance's interface; awsvpc has one of its own, with its own address and security groups."
  type        = string

  validation {
    condition     = contains(["bridge", "awsvpc"], var.network_mode)
    error_message = "network_mode must be bridge or awsvpc: with host, a container would have the instance's own rights."
  }
}

variable "extra_hosts" {
  description = "Addresses by name, for tasks in bridge mode."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for address in values(var.extra_hosts) : can(cidrnetmask("${address}/32"))])
    error_message = "extra_hosts must be IPv4 addresses."
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

variable "repository_arns" {
  description = "Registries of one's own that images are pulled from."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.repository_arns : can(regex("^arn:aws[a-z-]*:ecr:", arn))])
    error_message = "repository_arns must be ARNs of repositories."
  }
}

variable "secret_key_arns" {
  description = "Keys of one's own that the secrets are encrypted with."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.secret_key_arns : can(regex("^arn:aws[a-z-]*:kms:", arn))])
    error_message = "secret_key_arns must be ARNs of keys."
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

variable "network" {
  description = "Subnets and security groups of tasks with an interface of their own; null in bridge mode."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = (var.network == null) == (var.network_mode == "bridge")
    error_message = "network must be given in awsvpc mode, and in no other."
  }
}

variable "after" {
  description = "What has to be there before the task runs, such as the database."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.after : id != ""])
    error_message = "after must not have empty ids."
  }
}
