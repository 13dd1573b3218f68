locals {
  # MiB, hard limits. Idle, a service has 55 to 70 of its own, and Kafka 350; what is above is for work.
  memory = merge({
    kafka        = 448
    postgres     = 160
    valkey       = 64
    ingest       = 144
    rule-service = 144
    rule-updater = 112
    evaluator    = 112
    aggregator   = 112
    sender       = 144
    metrics      = 112
  }, var.memory)

  one_off_memory = 128

  # What a service does not connect to, it is not told.
  postgres = { ALERTING_POSTGRES_PASSWORD = module.secrets.references.postgres }
  redis    = { ALERTING_REDIS_PASSWORD = module.secrets.references.valkey }
  both     = merge(local.postgres, local.redis)

  services = {
    ingest = {
      port        = 8080
      published   = true
      secrets     = local.both
      environment = { ALERTING_MAX_PENDING_BYTES = "16777216" }
    }
    rule-service = {
      port      = 8081
      published = true
      secrets   = local.both
      environment = {
        ALERTING_INGEST_URL         = "http://ingest:8080"
        ALERTING_METRICS_URL        = "http://metrics:8083"
        ALERTING_PUBLIC_INGEST_URL  = "http://${module.cluster.public_address}:8080"
        ALERTING_POSTGRES_POOL_SIZE = "5"
      }
    }
    metrics = {
      port        = 8083
      published   = true
      secrets     = local.both
      environment = {}
    }
    rule-updater = { port = 8084, published = false, secrets = local.both, environment = {} }
    evaluator    = { port = 8085, published = false, secrets = local.redis, environment = {} }
    aggregator   = { port = 8086, published = false, secrets = local.both, environment = {} }
    sender = {
      port        = 8087
      published   = false
      secrets     = merge(local.both, var.sender_secrets)
      environment = var.sender_environment
    }
  }

  environment = merge(module.stores.environment, {
    ALERTING_HOST            = "0.0.0.0"
    ALERTING_BATCH_SIZE      = "500"
    ALERTING_KAFKA_QUEUE_KIB = "4096"
  })

  # Docker's own address of the instance: what a container publishes there, the others on the instance find there.
  instance = "172.17.0.1"

  # What runs once, before the services.
  one_off = {
    migrate = {
      command     = ["migrate"]
      environment = { ALERTING_POSTGRES_DSN = module.stores.environment.ALERTING_POSTGRES_DSN }
      secrets     = local.postgres
    }
    # How many partitions, and of which topics, is in the program: services/alerting/runtime/topics.py.
    topics = {
      command     = ["topics", "create"]
      environment = { ALERTING_KAFKA_BOOTSTRAP_SERVERS = module.stores.environment.ALERTING_KAFKA_BOOTSTRAP_SERVERS }
    }
  }

  containers = merge(
    { for name, service in local.services : name => {
      command     = [name]
      memory      = local.memory[name]
      port        = service.published ? service.port : null
      host_port   = service.port
      environment = merge(local.environment, { ALERTING_PORT = tostring(service.port) }, service.environment)
      secrets     = service.secrets
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
  network_mode    = "bridge"
  extra_hosts     = { ingest = local.instance, metrics = local.instance }
  repository_arns = [module.registry.repository_arn]
  task_statements = each.key == "sender" ? var.sender_statements : []
  containers      = { "${var.name}-${each.key}" = merge(each.value, { image = var.image }) }
}

module "migrate" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  task    = module.task["migrate"]
  cluster = module.cluster.cluster
  after   = module.stores.running
}

module "topics" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  task    = module.task["topics"]
  cluster = module.cluster.cluster
  # One after the other: there is memory for one of them.
  after = [module.migrate[0].id]
}

module "service" {
  source   = "../../modules/service"
  for_each = { for name, task in module.task : name => task if contains(keys(local.services), name) }

  task    = each.value
  cluster = module.cluster.cluster
  tasks   = { min = 1, max = 1 }
  # There is no memory for a second one beside it.
  exclusive = true
  after     = [module.migrate[0].id, module.topics[0].id]
}
