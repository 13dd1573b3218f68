locals {
  # The one list of topics is the program's: a consumer more than there are partitions would have nothing to read.
  topics     = file("${path.module}/../../../../services/alerting/runtime/topics.py")
  partitions = tonumber(regex("(?m)^PARTITIONS: Final = ([0-9]+)$", local.topics)[0])

  postgres = { ALERTING_POSTGRES_PASSWORD = module.passwords.references.postgres }
  redis    = { ALERTING_REDIS_PASSWORD = module.passwords.references.redis }
  kafka = {
    ALERTING_KAFKA_SASL_USERNAME = module.kafka_user.references.username
    ALERTING_KAFKA_SASL_PASSWORD = module.kafka_user.references.password
  }
  all = merge(local.postgres, local.redis, local.kafka)

  # Memory in MiB. What a service does not connect to, it has no password of.
  services = {
    ingest = {
      port     = 8080, memory = 512, cpu = 256, secrets = local.all, command = ["ingest"], tasks = { min = 3, max = 9 }
      scale_by = { cpu_percent = 60 }
    }
    rule-service = {
      port     = 8081, memory = 512, cpu = 128, secrets = local.all, command = ["rule-service"], tasks = { min = 2, max = 4 }
      scale_by = { cpu_percent = 60 }
    }
    alert-producer = {
      port     = 8082, memory = 256, cpu = 64, secrets = local.all, command = ["alert-producer", "serve"], tasks = { min = 1, max = 1 }
      scale_by = {}
    }
    metrics = {
      port     = 8083, memory = 256, cpu = 64, secrets = local.all, command = ["metrics"], tasks = { min = 2, max = 2 }
      scale_by = {}
    }
    rule-updater = {
      port     = 8084, memory = 1024, cpu = 256, secrets = local.all, command = ["rule-updater"], tasks = { min = 2, max = 2 }
      scale_by = {}
    }
    evaluator = {
      port     = 8085, memory = 1024, cpu = 256, secrets = merge(local.redis, local.kafka), command = ["evaluator"]
      tasks    = { min = 2, max = local.partitions }
      scale_by = { cpu_percent = 70, lag = merge(local.lag, { group = "evaluator-group", topic = "alerts.new", messages_per_task = 200000 }) }
    }
    aggregator = {
      port     = 8086, memory = 384, cpu = 256, secrets = local.all, command = ["aggregator"]
      tasks    = { min = 2, max = local.partitions }
      scale_by = { cpu_percent = 70, lag = merge(local.lag, { group = "aggregator-group", topic = "alerts.matched", messages_per_task = 20000 }) }
    }
    sender = {
      port     = 8087, memory = 512, cpu = 128, secrets = merge(local.all, var.sender_secrets), command = ["sender"]
      tasks    = { min = 2, max = local.partitions }
      scale_by = { cpu_percent = 70, lag = merge(local.lag, { group = "sender-group", topic = "notifications.ready", messages_per_task = 5000 }) }
    }
  }

  lag = { kafka_cluster = module.kafka.cluster_name, partitions = local.partitions }

  tasks  = { for name, service in local.services : name => lookup(var.tasks, name, service.tasks) }
  demand = { for name, service in local.services : name => { memory = service.memory, cpu = service.cpu, count = local.tasks[name].max } }

  one_off_memory = 256

  # What the load balancer leads to.
  hosts = { ingest = var.hosts.ingest, rule-service = var.hosts.ui }

  own_environment = {
    rule-service = {
      ALERTING_INGEST_URL        = "http://ingest.${var.name}.internal:8080"
      ALERTING_PRODUCER_URL      = "http://alert-producer.${var.name}.internal:8082"
      ALERTING_METRICS_URL       = "http://metrics.${var.name}.internal:8083"
      ALERTING_PUBLIC_INGEST_URL = "https://${var.hosts.ingest}"
      # Requests come from the load balancer, whose security group is the only one that is let in.
      FORWARDED_ALLOW_IPS = "*"
    }
    sender = var.sender_environment
  }

  environment = merge(module.kafka.environment, {
    ALERTING_POSTGRES_DSN = module.postgres.dsn
    ALERTING_REDIS_URL    = module.redis.url
    ALERTING_HOST         = "0.0.0.0"
  })

  network = {
    subnet_ids         = module.network.private_subnet_ids
    security_group_ids = [aws_security_group.tasks.id]
  }

  # What runs once, before the services.
  one_off = {
    migrate = { command = ["migrate"], environment = { ALERTING_POSTGRES_DSN = module.postgres.dsn }, secrets = local.postgres }
    topics  = { command = ["topics", "create"], environment = module.kafka.environment, secrets = local.kafka }
  }

  containers = merge(
    { for name, service in local.services : name => {
      command = service.command
      cpu     = service.cpu
      memory  = service.memory
      port    = service.port
      secrets = service.secrets
      environment = merge(
        local.environment,
        { ALERTING_PORT = tostring(service.port) },
        lookup(local.own_environment, name, {}),
        # New passwords reach a task only when it starts: with this, its definition is another one.
        { PASSWORD_GENERATION = tostring(var.password_generation) },
      )
    } },
    { for name, task in local.one_off : name => merge(task, { memory = local.one_off_memory, health = [] }) },
  )
}

module "task" {
  source   = "../../modules/task"
  for_each = { for name, container in local.containers : name => container if var.image != null }

  name            = "${var.name}-${each.key}"
  region          = var.region
  log_group       = module.observability.log_group
  network_mode    = "awsvpc"
  repository_arns = [module.registry.repository_arn]
  secret_key_arns = [aws_kms_key.this.arn]
  task_statements = each.key == "sender" ? var.sender_statements : []
  containers      = { "${var.name}-${each.key}" = merge(each.value, { image = var.image }) }
}

module "migrate" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  task    = module.task["migrate"]
  cluster = module.cluster.cluster
  network = local.network
}

module "topics" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  task    = module.task["topics"]
  cluster = module.cluster.cluster
  network = local.network
}

module "service" {
  source   = "../../modules/service"
  for_each = { for name, task in module.task : name => task if contains(keys(local.services), name) }

  task              = each.value
  cluster           = module.cluster.cluster
  network           = local.network
  discovery         = { namespace_id = aws_service_discovery_private_dns_namespace.this.id, name = each.key }
  tasks             = local.tasks[each.key]
  scale_by          = local.services[each.key].scale_by
  exclusive         = false
  target_group_arns = contains(keys(local.hosts), each.key) ? [module.load_balancer.target_group_arns[each.key]] : []
  after             = [module.migrate[0].id, module.topics[0].id]
}
