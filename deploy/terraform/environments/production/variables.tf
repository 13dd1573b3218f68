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

variable "zones" {
  description = "Three availability zones, in an order that stays."
  type        = list(string)

  validation {
    condition     = length(var.zones) == 3 && alltrue([for zone in var.zones : startswith(zone, var.region)])
    error_message = "zones must be three of the region's."
  }
}

variable "nat" {
  description = "one_per_zone, or single: a third of the price, and nothing is delivered while its zone is away."
  type        = string
  default     = "one_per_zone"

  validation {
    condition     = contains(["single", "one_per_zone"], var.nat)
    error_message = "nat must be single or one_per_zone."
  }
}

variable "hosts" {
  description = "Names under which senders find ingest, and people the UI and the API."
  type = object({
    ingest = string
    ui     = string
  })

  validation {
    condition     = var.hosts.ingest != var.hosts.ui
    error_message = "hosts must be two different names."
  }
}

variable "certificate_arn" {
  description = "Certificate of ACM for both hosts."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))
    error_message = "certificate_arn must be a certificate's ARN."
  }
}

variable "client_cidrs" {
  description = "Networks that may come to the load balancer; 0.0.0.0/0 is the world, by HTTPS and with an API key."
  type        = set(string)

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrnetmask(cidr))])
    error_message = "client_cidrs must be IPv4 networks."
  }
}

variable "access_log_bucket" {
  description = "Bucket for a line of each request at the load balancer; none if null."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9.-]{3,63}$", var.access_log_bucket))
    error_message = "access_log_bucket must be a bucket's name."
  }
}

variable "instance_type" {
  description = "Type of the instances that services run on; it must be one that can have trunk interfaces."
  type        = string
  default     = "m7g.large"

  validation {
    condition     = can(regex("^[a-z0-9]+\\.[a-z0-9]+$", var.instance_type)) && !startswith(var.instance_type, "t")
    error_message = "instance_type must look like m7g.large; those that begin with t have no trunk interfaces."
  }
}

variable "most_instances" {
  description = "Most instances; there are three at least, and they have to hold the most tasks of every service."
  type        = number
  default     = 6

  validation {
    condition     = var.most_instances >= 3 && var.most_instances <= 100
    error_message = "most_instances must be 3 to 100."
  }
}

variable "tasks" {
  description = "Least and most tasks of services, where the defaults do not do: {sender = {min = 3, max = 9}}."
  type = map(object({
    min = number
    max = number
  }))
  default = {}

  validation {
    condition = length(setsubtract(keys(var.tasks), [
      "ingest", "rule-service", "alert-producer", "metrics", "rule-updater", "evaluator", "aggregator", "sender",
    ])) == 0
    error_message = "tasks must name services."
  }
}

variable "kafka" {
  description = "Size of the brokers."
  type = object({
    instance_type = optional(string, "kafka.m7g.large")
    storage_gib   = optional(number, 100)
  })
  default = {}

  validation {
    condition     = startswith(var.kafka.instance_type, "kafka.")
    error_message = "kafka.instance_type must begin with kafka."
  }
}

variable "postgres" {
  description = "Size of the database."
  type = object({
    instance_class = optional(string, "db.m7g.large")
    storage_gib    = optional(number, 100)
  })
  default = {}

  validation {
    condition     = startswith(var.postgres.instance_class, "db.")
    error_message = "postgres.instance_class must begin with db."
  }
}

variable "redis_node_type" {
  description = "Size of a Valkey node."
  type        = string
  default     = "cache.t4g.medium"

  validation {
    condition     = startswith(var.redis_node_type, "cache.")
    error_message = "redis_node_type must begin with cache."
  }
}

variable "password_generation" {
  description = "Counted up to have new passwords everywhere; services start anew with them."
  type        = number
  default     = 1

  validation {
    condition     = var.password_generation >= 1 && floor(var.password_generation) == var.password_generation
    error_message = "password_generation must be 1 or a greater whole number."
  }
}
