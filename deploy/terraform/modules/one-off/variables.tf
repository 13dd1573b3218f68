variable "task" {
  description = "What is run, as modules/task puts it out."
  type = object({
    name         = string
    arn          = string
    region       = string
    network_mode = string
    memory       = number
    log_group    = object({ name = string })
    containers = list(object({
      name        = string
      command     = list(string)
      healthCheck = object({ command = list(string) })
    }))
  })

  # run_task.py finds what was said by that name.
  validation {
    condition     = var.task.containers[*].name == tolist([var.task.name])
    error_message = "task must have one container, named like the task."
  }

  validation {
    condition     = alltrue([for container in var.task.containers : length(container.command) > 0])
    error_message = "task must say what to run."
  }

  validation {
    condition     = alltrue([for container in var.task.containers : container.healthCheck == null])
    error_message = "task must not be asked for its health: it is well when it has ended."
  }
}

variable "cluster" {
  description = "The cluster, as modules/ecs-cluster puts it out."
  type = object({
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

variable "after" {
  description = "What has to be there before the task runs, such as the database."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.after : id != ""])
    error_message = "after must not have empty ids."
  }
}
