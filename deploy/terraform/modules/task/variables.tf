variable "name" {
  description = "Of the task; roles are named after it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,55}$", var.name))
    error_message = "name must be 2 to 56 small letters, digits and hyphens, and begin with a letter."
  }
}

variable "region" {
  description = "Region of the logs and the secrets."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must look like eu-central-1."
  }
}

variable "containers" {
  description = <<-TEXT
    The task's containers by name. Memory is a hard limit in MiB; secrets are references such as those of modules/secrets,
    by the variable that gets the value; mounts are paths in the container by the volume's name; scratch are directories in
    memory, with their size in MiB; health is empty where there is nothing that could be asked; user is empty for the image's own.
  TEXT
  type = map(object({
    image        = string
    entry_point  = optional(list(string))
    command      = optional(list(string), [])
    user         = optional(string, "10001:10001")
    cpu          = optional(number, 64)
    memory       = number
    port         = optional(number)
    host_port    = optional(number, 0)
    environment  = optional(map(string), {})
    secrets      = optional(map(string), {})
    mounts       = optional(map(string), {})
    scratch      = optional(map(number), { "/tmp" = 16 })
    read_only    = optional(bool, true)
    health       = optional(list(string), ["CMD", "alerting", "health"])
    stop_timeout = optional(number, 30)
  }))

  validation {
    condition     = alltrue([for container in values(var.containers) : can(regex("@sha256:[0-9a-f]{64}$", container.image))])
    error_message = "image must end with @sha256: and the 64 digits of a digest: a tag says nothing about what runs, and there is no way back to it."
  }

  validation {
    condition = alltrue(flatten([
      for container in values(var.containers) : [
        for key, value in container.environment : !can(regex("(?i)(password|passwd|secret|token|api_?key|private_?key)$", key)) && !can(regex("://[^/@ ]*:[^/@ ]+@", value))
      ]
    ]))
    error_message = "environment is read by whoever may describe a task: what is secret belongs into secrets."
  }

  validation {
    condition = alltrue(flatten([
      for container in values(var.containers) : [for reference in values(container.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:", reference))]
    ]))
    error_message = "secrets must be references to Secrets Manager."
  }

  validation {
    condition     = alltrue([for container in values(var.containers) : container.memory >= 32])
    error_message = "memory must be 32 MiB or more."
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

variable "volumes" {
  description = "Directories of the instance by the volume's name."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for path in values(var.volumes) : startswith(path, "/data/")])
    error_message = "volumes must be below /data, where the durable volume is mounted."
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

variable "task_statements" {
  description = "What the program itself may do in AWS; nothing unless named."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = []

  validation {
    condition     = alltrue([for statement in var.task_statements : !contains(statement.actions, "*")])
    error_message = "task_statements must name their actions."
  }
}
