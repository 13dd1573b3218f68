variable "name" {
  description = "Of the cluster, and put before the names of what is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name)) && !startswith(var.name, "aws") && !startswith(var.name, "ecs")
    error_message = "name must be 2 to 24 small letters, digits and hyphens, begin with a letter, and not with aws or ecs."
  }
}

variable "region" {
  description = "Region, such as eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must look like eu-central-1."
  }
}

variable "instance_type" {
  description = "Type of the instances; x86-64 or ARM, of which the image has both."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]+\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must look like t4g.small."
  }
}

variable "instances" {
  description = "Least and most instances."
  type = object({
    min = number
    max = number
  })

  validation {
    condition     = var.instances.min >= 1 && var.instances.min <= var.instances.max
    error_message = "instances.min must be 1 or more, and instances.max not less."
  }
}

variable "tasks" {
  description = "What is to run: MiB and CPU units of each kind of task, and how many of it there are at most. It has to fit."
  type = map(object({
    memory = number
    cpu    = number
    count  = number
  }))

  validation {
    condition     = length(var.tasks) > 0 && alltrue([for task in values(var.tasks) : task.memory > 0 && task.count >= 0])
    error_message = "tasks must name what is to run."
  }
}

variable "reserved_memory" {
  description = "MiB of an instance that are kept from tasks, for the agent and Docker."
  type        = number
  default     = 160

  validation {
    condition     = var.reserved_memory >= 96
    error_message = "reserved_memory must be 96 MiB or more."
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
  description = "Subnets of the instances."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids must not be empty."
  }

  validation {
    condition     = var.data_volume == null || length(var.subnet_ids) == 1
    error_message = "subnet_ids must be one where there is a durable volume, which is in one zone."
  }
}

variable "public_address" {
  description = "Whether instances have a public address: their way out where there is no NAT gateway."
  type        = bool
}

variable "ingress" {
  description = "Ports that are open, by what for."
  type = map(object({
    port  = number
    cidrs = list(string)
  }))
  default = {}

  validation {
    condition     = alltrue(flatten([for rule in values(var.ingress) : [for cidr in rule.cidrs : can(cidrnetmask(cidr))]]))
    error_message = "cidrs must be IPv4 networks."
  }

  # The whole internet can also be written as two halves.
  validation {
    condition = alltrue(flatten([
      for rule in values(var.ingress) : [for cidr in rule.cidrs : rule.port == 8080 || try(tonumber(split("/", cidr)[1]), 0) >= 8]
    ]))
    error_message = "only ingest (8080) may be open to the world: rule-service (8081), alert-producer (8082), metrics (8083) and all else need networks of /8 or smaller."
  }
}

variable "trunking" {
  description = "Whether an instance may have more tasks with an interface of their own than it has interfaces; a setting of the account."
  type        = bool
  default     = false
}

variable "container_insights" {
  description = "Whether CloudWatch has figures of each task, and of instances each minute."
  type        = bool
  default     = false
}

variable "data_volume" {
  description = "A volume at /data that outlives instances, as does their public address: its zone, its size, its directories with the user of each."
  type = object({
    zone        = string
    size_gib    = number
    directories = map(number)
  })
  default = null

  validation {
    condition     = try(var.data_volume.size_gib >= 8 && var.data_volume.size_gib <= 16384, var.data_volume == null)
    error_message = "data_volume.size_gib must be 8 to 16384."
  }

  validation {
    condition     = try(alltrue([for name in keys(var.data_volume.directories) : can(regex("^[a-z]+$", name))]), true)
    error_message = "data_volume.directories must be small letters."
  }
}

variable "kms_key_arn" {
  description = "Key of the volumes; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
