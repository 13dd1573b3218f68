variable "name" {
  description = "Put before the names of what is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "name must be 2 to 24 small letters, digits and hyphens, and begin with a letter."
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

variable "cidr" {
  description = "Addresses of the network; a sixteenth of it is a subnet."
  type        = string
  default     = "10.80.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 0)) && try(tonumber(split("/", var.cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.cidr)[1]), 32) <= 24
    error_message = "cidr must be an IPv4 network of /16 to /24."
  }
}

variable "zones" {
  description = "Availability zones, in an order that stays: a zone's place decides its subnets' addresses."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 1 && length(var.zones) <= 8 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones must be one to eight different zones."
  }
}

variable "nat" {
  description = "How private subnets reach the internet: none, single (one gateway, cheaper), one_per_zone."
  type        = string

  validation {
    condition     = contains(["none", "single", "one_per_zone"], var.nat)
    error_message = "nat must be none, single or one_per_zone."
  }
}

variable "flow_log_days" {
  description = "Days that records of refused connections are kept; 0 makes none."
  type        = number
  default     = 0

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.flow_log_days)
    error_message = "flow_log_days must be 0, or a number of days that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 180, 365."
  }
}

variable "kms_key_arn" {
  description = "Key of the flow logs; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
