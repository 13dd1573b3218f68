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
  description = "Public subnets, one for each zone."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must be in two zones at least."
  }
}

variable "cidrs" {
  description = "Networks that may come in."
  type        = set(string)

  validation {
    condition     = length(var.cidrs) > 0 && alltrue([for cidr in var.cidrs : can(cidrnetmask(cidr))])
    error_message = "cidrs must be IPv4 networks, one at least."
  }
}

variable "targets" {
  description = "Services by name: the host that is asked for, and the port of their tasks."
  type = map(object({
    host = string
    port = number
  }))

  validation {
    condition     = length(var.targets) > 0 && alltrue([for target in values(var.targets) : can(regex("^[a-z0-9.-]+\\.[a-z]+$", target.host))])
    error_message = "targets must be at least one, each with a host such as alerts.example.com."
  }
}

variable "target_security_group_id" {
  description = "Security group of the tasks."
  type        = string

  validation {
    condition     = startswith(var.target_security_group_id, "sg-")
    error_message = "target_security_group_id must be a security group's id."
  }
}

variable "certificate_arn" {
  description = "Certificate of ACM for all hosts of the targets."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))
    error_message = "certificate_arn must be a certificate's ARN."
  }
}

variable "access_log_bucket" {
  description = "Bucket for a line of each request; none if null."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9.-]{3,63}$", var.access_log_bucket))
    error_message = "access_log_bucket must be a bucket's name."
  }
}
