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
  description = "Private subnets, one for each zone."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) == 3
    error_message = "subnet_ids must be three, in a zone each: copies are in three and two have to answer."
  }
}

variable "clients" {
  description = "Security groups that may connect, by any name."
  type        = map(string)

  validation {
    condition     = length(var.clients) > 0
    error_message = "clients must name who connects."
  }
}

variable "kafka_version" {
  description = "Version of Kafka, without ZooKeeper."
  type        = string
  default     = "3.9.x.kraft"

  validation {
    condition     = can(regex("^[34]\\.[0-9]+\\.x(\\.kraft)?$", var.kafka_version))
    error_message = "kafka_version must look like 3.9.x.kraft."
  }
}

variable "instance_type" {
  description = "Size of a broker, such as kafka.m7g.large."
  type        = string

  validation {
    condition     = startswith(var.instance_type, "kafka.")
    error_message = "instance_type must begin with kafka."
  }
}

variable "storage_gib" {
  description = "Storage of a broker."
  type        = number

  validation {
    condition     = var.storage_gib >= 1 && var.storage_gib <= 16384
    error_message = "storage_gib must be 1 to 16384."
  }
}

variable "retention_hours" {
  description = "Hours that messages are kept; notifications must be kept longer, so that what is read again is known."
  type        = number
  default     = 168

  validation {
    condition     = var.retention_hours >= 1 && var.retention_hours <= 24 * 29
    error_message = "retention_hours must be 1 to 696: notifications are kept for 30 days."
  }
}

variable "user_secret_arn" {
  description = "Secret with the keys username and password; MSK wants its name to begin with AmazonMSK_ and a key of one's own."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[^:]*:[^:]*:secret:AmazonMSK_", var.user_secret_arn))
    error_message = "user_secret_arn must be of a secret whose name begins with AmazonMSK_."
  }
}

variable "kms_key_arn" {
  description = "Key of the storage and the logs."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be a key's ARN."
  }
}
