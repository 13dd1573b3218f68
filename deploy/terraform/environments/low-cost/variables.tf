variable "name" {
  description = "Of the deployment; what it consists of is named after it."
  type        = string
  default     = "alerting"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name)) && !startswith(var.name, "aws") && !startswith(var.name, "ecs")
    error_message = "name must be 2 to 20 small letters, digits and hyphens, begin with a letter, and not with aws or ecs."
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

variable "image" {
  description = "Image of all services, by digest. Without it there is all but the services: what a first image can be pushed to."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must end with @sha256: and the 64 digits of a digest: a tag says nothing about what runs, and there is no way back to it."
  }
}

variable "cidr" {
  description = "Addresses of the network."
  type        = string
  default     = "10.80.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 0))
    error_message = "cidr must be an IPv4 network."
  }
}

variable "alarm_emails" {
  description = "Addresses that are told of alarms; each has to confirm once."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "alarm_emails must be mail addresses."
  }
}

variable "sender_environment" {
  description = "Settings of the sender that are no secret, such as ALERTING_SMTP_HOST."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.sender_environment) : startswith(name, "ALERTING_")])
    error_message = "sender_environment must be settings: their names begin with ALERTING_."
  }
}

variable "sender_secrets" {
  description = "Settings of the sender that are secrets, such as ALERTING_SMTP_PASSWORD, as references to Secrets Manager."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for reference in values(var.sender_secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:", reference))])
    error_message = "sender_secrets must be references to Secrets Manager: a secret's ARN, or ARN:key::."
  }
}

variable "sender_statements" {
  description = "What the sender may do in AWS, such as ses:SendRawEmail for ALERTING_EMAIL_TRANSPORT=ses."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = []

  validation {
    condition     = alltrue([for statement in var.sender_statements : !contains(statement.actions, "*")])
    error_message = "sender_statements must name their actions."
  }
}

variable "zone" {
  description = "Availability zone; the durable volume is bound to it."
  type        = string

  validation {
    condition     = startswith(var.zone, var.region)
    error_message = "zone must be one of the region's."
  }
}

variable "instance_type" {
  description = "Type of the one instance; a plan fails if what is to run does not fit into it."
  type        = string
  default     = "t4g.small"

  validation {
    condition     = can(regex("^[a-z0-9]+\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must look like t4g.small."
  }
}

variable "memory" {
  description = "Most MiB of single services, where the defaults do not do: {evaluator = 512}."
  type        = map(number)
  default     = {}

  validation {
    condition = length(setsubtract(keys(var.memory), [
      "kafka", "postgres", "valkey", "ingest", "rule-service", "rule-updater", "evaluator", "aggregator", "sender", "metrics",
    ])) == 0
    error_message = "memory must name kafka, postgres, valkey or services."
  }
}

variable "data_gib" {
  description = "Size of the durable volume; it can be made larger, not smaller."
  type        = number
  default     = 10

  validation {
    condition     = var.data_gib >= 8 && var.data_gib <= 16384
    error_message = "data_gib must be 8 to 16384."
  }
}

variable "store_images" {
  description = "Images of Kafka, PostgreSQL and Valkey, by digest; terraform.tfvars.example says which, and how to find a digest."
  type = object({
    kafka    = string
    postgres = string
    valkey   = string
  })

  validation {
    condition     = alltrue([for image in values(var.store_images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "store_images must end with @sha256: and the 64 digits of a digest."
  }
}

variable "ingest_cidrs" {
  description = "Networks that may send alerts to port 8080, which is HTTP without TLS; none unless named."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.ingest_cidrs : can(cidrnetmask(cidr))])
    error_message = "ingest_cidrs must be IPv4 networks."
  }
}

variable "ui_cidrs" {
  description = "Networks that may use the UI and the API on port 8081, HTTP without TLS; none unless named: Session Manager forwards the port."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.ui_cidrs : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]), 0) >= 8])
    error_message = "ui_cidrs must be IPv4 networks of /8 or smaller: the UI is never open to the world."
  }
}
