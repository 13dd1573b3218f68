locals {
  consumers = { for name, service in local.services : name => service.scale_by.lag if try(service.scale_by.lag, null) != null }

  alarms = merge(
    { for name, lag in local.consumers : "${name}-lag" => {
      description = "More waits for ${name} than its most tasks are to have"
      namespace   = "AWS/Kafka"
      metric      = "SumOffsetLag"
      dimensions  = { "Cluster Name" = lag.kafka_cluster, "Consumer Group" = lag.group, Topic = lag.topic }
      above       = lag.messages_per_task * local.tasks[name].max
      periods     = 10
    } },
    # MSK counts its brokers from 1, one in each zone.
    { for number in range(1, length(var.zones) + 1) : "kafka-storage-${number}" => {
      description = "Logs of Kafka fill more than 80 % of broker ${number}"
      namespace   = "AWS/Kafka"
      metric      = "KafkaDataLogsDiskUsed"
      dimensions  = { "Cluster Name" = module.kafka.cluster_name, "Broker ID" = tostring(number) }
      statistic   = "Maximum"
      above       = 80
    } },
    {
      errors = {
        description = "Answers with a 5xx from services"
        namespace   = "AWS/ApplicationELB"
        metric      = "HTTPCode_Target_5XX_Count"
        dimensions  = { LoadBalancer = module.load_balancer.dimension }
        statistic   = "Sum"
        above       = 10
        missing     = "notBreaching"
      }
      postgres-storage = {
        description = "PostgreSQL has less than 10 GiB left"
        namespace   = "AWS/RDS"
        metric      = "FreeStorageSpace"
        dimensions  = { DBInstanceIdentifier = module.postgres.identifier }
        below       = 10 * pow(1024, 3)
      }
      redis-memory = {
        description = "Valkey is nearly full, and will take no rules then"
        namespace   = "AWS/ElastiCache"
        metric      = "DatabaseMemoryUsagePercentage"
        dimensions  = { CacheClusterId = module.redis.node }
        above       = 80
      }
      memory = {
        description = "Tasks use nearly all of the memory that the instances have for them"
        namespace   = "AWS/ECS"
        metric      = "MemoryUtilization"
        dimensions  = { ClusterName = var.name }
        above       = 90
        periods     = 15
      }
    },
  )
}

module "observability" {
  source = "../../modules/observability"

  name             = var.name
  log_days         = 30
  alarm_emails     = var.alarm_emails
  kms_key_arn      = aws_kms_key.this.arn
  topic_kms_key_id = aws_kms_key.this.id
  alarms           = local.alarms
}
