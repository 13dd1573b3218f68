variable "task" {
  description = "What is kept running, as modules/task puts it out."
  type = object({
    name         = string
    arn          = string
    network_mode = string
    memory       = number
    port         = number
    exclusive    = bool
  })

  validation {
    condition     = var.task.memory > 0
    error_message = "task.memory must be what an instance has to have free, in MiB."
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
    condition     = (var.network == null) == (var.task.network_mode == "bridge")
    error_message = "network must be given in awsvpc mode, and in no other."
  }
}

variable "tasks" {
  description = "Least and most tasks; alike for a fixed number."
  type = object({
    min = number
    max = number
  })

  validation {
    condition     = var.tasks.min >= 0 && var.tasks.min <= var.tasks.max
    error_message = "tasks.min must be 0 or more, and tasks.max not less."
  }

  validation {
    condition     = !var.exclusive || var.tasks.max <= 1
    error_message = "tasks.max must be 1 where exclusive is true."
  }

  validation {
    condition     = var.scale_by.lag == null || var.tasks.max <= try(var.scale_by.lag.partitions, 0)
    error_message = "tasks.max must not be more than the topic has partitions: the others would have nothing to read."
  }
}

variable "scale_by" {
  description = "What the number of tasks follows between its limits: the share of CPU, and the messages that wait for each task."
  type = object({
    cpu_percent = optional(number)
    lag = optional(object({
      kafka_cluster     = string
      group             = string
      topic             = string
      partitions        = number
      messages_per_task = number
    }))
  })
  default = {}

  validation {
    condition     = try(var.scale_by.cpu_percent == null || (var.scale_by.cpu_percent >= 10 && var.scale_by.cpu_percent <= 90), true)
    error_message = "scale_by.cpu_percent must be 10 to 90."
  }
}

variable "exclusive" {
  description = "Whether the old task goes before the new one comes: where an instance has no room for both."
  type        = bool

  validation {
    condition     = var.exclusive || !var.task.exclusive
    error_message = "exclusive must be true where a task has a port or a directory of the instance to itself: two must not write to one directory."
  }
}

variable "discovery" {
  description = "The name of tasks with an interface of their own in a namespace of Cloud Map; none if null."
  type = object({
    namespace_id = string
    name         = string
  })
  default = null

  validation {
    condition     = var.discovery == null || var.task.network_mode == "awsvpc"
    error_message = "discovery must be null in bridge mode, where a task has no address of its own."
  }
}

variable "target_group_arns" {
  description = "Targets of a load balancer that the container named like the task is put into."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.target_group_arns) == 0 || var.task.port != null
    error_message = "target_group_arns needs a container that is named like the task and has a port."
  }
}

variable "after" {
  description = "What has to be there before the service starts or rolls, such as the ids of modules/one-off."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.after : id != ""])
    error_message = "after must not have empty ids."
  }
}
