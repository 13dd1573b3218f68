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

  deployed = { for name, service in local.services : name => service if var.image != null }
}

module "migrate" {
  source = "../../modules/one-off"
  count  = var.image == null ? 0 : 1

  name            = "${var.name}-migrate"
  region          = var.region
  cluster         = module.cluster.cluster
  log_group       = module.observability.log_group
  network_mode    = "bridge"
  repository_arns = [module.registry.repository_arn]
  after           = module.stores.running

  container = {
    image       = var.image
    command     = ["migrate"]
    memory      = local.one_off_memory
    environment = { ALERTING_POSTGRES_DSN = module.stores.environment.ALERTING_POSTGRES_DSN }
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
  network_mode    = "bridge"
  repository_arns = [module.registry.repository_arn]
  # One after the other: there is memory for one of them.
  after = [module.migrate[0].id]

  container = {
    image = var.image
    # How many partitions, and of which topics, is in the program: services/alerting/runtime/topics.py.
    command     = ["topics", "create"]
    memory      = local.one_off_memory
    environment = { ALERTING_KAFKA_BOOTSTRAP_SERVERS = module.stores.environment.ALERTING_KAFKA_BOOTSTRAP_SERVERS }
  }
}

module "service" {
  source   = "../../modules/service"
  for_each = local.deployed

  name            = "${var.name}-${each.key}"
  region          = var.region
  cluster         = module.cluster.cluster
  log_group       = module.observability.log_group
  network_mode    = "bridge"
  extra_hosts     = { ingest = local.instance, metrics = local.instance }
  repository_arns = [module.registry.repository_arn]
  task_statements = each.key == "sender" ? var.sender_statements : []
  tasks           = { min = 1, max = 1 }
  # There is no memory for a second one beside it.
  exclusive = true
  after     = [module.migrate[0].id, module.topics[0].id]

  containers = {
    "${var.name}-${each.key}" = {
      image       = var.image
      command     = [each.key]
      memory      = local.memory[each.key]
      port        = each.value.published ? each.value.port : null
      host_port   = each.value.port
      environment = merge(local.environment, { ALERTING_PORT = tostring(each.value.port) }, each.value.environment)
      secrets     = each.value.secrets
    }
  }
}
