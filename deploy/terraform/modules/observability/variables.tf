variable "name" {
  description = "Put before the names of what is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "name must be 2 to 24 small letters, digits and hyphens, and begin with a letter."
  }
}

variable "log_days" {
  description = "Days that the services' logs are kept."
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_days)
    error_message = "log_days must be a number of days that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 180, 365."
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

variable "alarms" {
  description = "Alarms by name; each has either above or below."
  type = map(object({
    description = string
    namespace   = string
    metric      = string
    dimensions  = map(string)
    statistic   = optional(string, "Average")
    above       = optional(number)
    below       = optional(number)
    period      = optional(number, 60)
    periods     = optional(number, 5)
    missing     = optional(string, "missing")
  }))
  default = {}

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : (alarm.above == null) != (alarm.below == null)])
    error_message = "an alarm must have either above or below."
  }

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : contains(["missing", "breaching", "notBreaching", "ignore"], alarm.missing)])
    error_message = "missing must be missing, breaching, notBreaching or ignore."
  }
}

variable "kms_key_arn" {
  description = "Key of the logs; AWS's own if null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}

# CloudWatch cannot publish to a topic with AWS's own key, so it is no default; a key of one's own must let it.
variable "topic_kms_key_id" {
  description = "Key of the alarms' topic."
  type        = string
  default     = null

  validation {
    condition     = var.topic_kms_key_id != "alias/aws/sns"
    error_message = "CloudWatch may not use alias/aws/sns: its alarms would get nowhere."
  }
}
