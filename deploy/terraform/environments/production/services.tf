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

  deployed = { for name, service in local.services : name => service if var.image != null }
}

module "migrate" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  name            = "${var.name}-migrate"
  region          = var.region
  cluster         = module.cluster.cluster
  log_group       = module.observability.log_group
  network_mode    = "awsvpc"
  network         = local.network
  repository_arns = [module.registry.repository_arn]
  secret_key_arns = [aws_kms_key.this.arn]

  container = {
    image       = var.image
    command     = ["migrate"]
    memory      = local.one_off_memory
    environment = { ALERTING_POSTGRES_DSN = module.postgres.dsn }
    secrets     = local.postgres
  }
}

module "topics" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  name            = "${var.name}-topics"
  region          = var.region
  cluster         = module.cluster.cluster
  log_group       = module.observability.log_group
  network_mode    = "awsvpc"
  network         = local.network
  repository_arns = [module.registry.repository_arn]
  secret_key_arns = [aws_kms_key.this.arn]

  container = {
    image       = var.image
    command     = ["topics", "create"]
    memory      = local.one_off_memory
    environment = module.kafka.environment
    secrets     = local.kafka
  }
}

module "service" {
  source   = "../../modules/service"
  for_each = local.deployed

  name              = "${var.name}-${each.key}"
  region            = var.region
  cluster           = module.cluster.cluster
  log_group         = module.observability.log_group
  network_mode      = "awsvpc"
  network           = local.network
  discovery         = { namespace_id = aws_service_discovery_private_dns_namespace.this.id, name = each.key }
  repository_arns   = [module.registry.repository_arn]
  secret_key_arns   = [aws_kms_key.this.arn]
  task_statements   = each.key == "sender" ? var.sender_statements : []
  tasks             = local.tasks[each.key]
  scale_by          = each.value.scale_by
  exclusive         = false
  target_group_arns = contains(["ingest", "rule-service"], each.key) ? [module.load_balancer.target_group_arns[each.key]] : []
  after             = [module.migrate[0].id, module.topics[0].id]

  containers = {
    "${var.name}-${each.key}" = {
      image   = var.image
      command = each.value.command
      cpu     = each.value.cpu
      memory  = each.value.memory
      port    = each.value.port
      secrets = each.value.secrets
      environment = merge(
        local.environment,
        { ALERTING_PORT = tostring(each.value.port) },
        lookup(local.own_environment, each.key, {}),
        # New passwords reach a task only when it starts: with this, its definition is another one.
        { PASSWORD_GENERATION = tostring(var.password_generation) },
      )
    }
  }
}
