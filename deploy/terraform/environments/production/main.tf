data "aws_caller_identity" "this" {}

module "network" {
  source = "../../modules/network"

  name          = var.name
  region        = var.region
  cidr          = var.cidr
  zones         = var.zones
  nat           = var.nat
  flow_log_days = 14
  kms_key_arn   = aws_kms_key.this.arn
}

module "registry" {
  source = "../../modules/registry"

  name        = var.name
  kms_key_arn = aws_kms_key.this.arn
}

# Two, because MSK wants one of its own, with just these keys.
module "passwords" {
  source = "../../modules/secrets"

  name        = "${var.name}/passwords"
  description = "Passwords of PostgreSQL and Valkey of ${var.name}"
  generated   = ["postgres", "redis"]
  generation  = var.password_generation
  kms_key_arn = aws_kms_key.this.arn
}

module "kafka_user" {
  source = "../../modules/secrets"

  name        = "AmazonMSK_${var.name}"
  description = "User of Kafka of ${var.name}"
  fixed       = { username = "alerting" }
  generated   = ["password"]
  generation  = var.password_generation
  kms_key_arn = aws_kms_key.this.arn
}

module "kafka" {
  source = "../../modules/kafka"

  name            = var.name
  vpc_id          = module.network.vpc_id
  subnet_ids      = module.network.private_subnet_ids
  clients         = { tasks = aws_security_group.tasks.id }
  instance_type   = var.kafka.instance_type
  storage_gib     = var.kafka.storage_gib
  user_secret_arn = module.kafka_user.arn
  kms_key_arn     = aws_kms_key.this.arn
}

module "postgres" {
  source = "../../modules/postgres"

  name           = var.name
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.private_subnet_ids
  clients        = { tasks = aws_security_group.tasks.id }
  instance_class = var.postgres.instance_class
  storage_gib    = var.postgres.storage_gib
  kms_key_arn    = aws_kms_key.this.arn

  password = {
    secret_arn = module.passwords.arn
    key        = "postgres"
    generation = module.passwords.generation
  }
}

module "redis" {
  source = "../../modules/redis"

  name        = var.name
  vpc_id      = module.network.vpc_id
  subnet_ids  = module.network.private_subnet_ids
  clients     = { tasks = aws_security_group.tasks.id }
  node_type   = var.redis_node_type
  token       = { secret_arn = module.passwords.arn, key = "redis" }
  kms_key_arn = aws_kms_key.this.arn
}

module "load_balancer" {
  source = "../../modules/load-balancer"

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.public_subnet_ids
  cidrs                    = var.client_cidrs
  target_security_group_id = aws_security_group.tasks.id
  certificate_arn          = var.certificate_arn
  access_log_bucket        = var.access_log_bucket

  targets = { for name, host in local.hosts : name => { host = host, port = local.services[name].port } }
}

module "cluster" {
  source = "../../modules/ecs-cluster"

  name               = var.name
  region             = var.region
  instance_type      = var.instance_type
  instances          = { min = 3, max = var.most_instances }
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnet_ids
  public_address     = false
  trunking           = true
  container_insights = true
  tasks              = merge(local.demand, { one-off = { memory = local.one_off_memory, cpu = 64, count = 1 } })
  kms_key_arn        = aws_kms_key.this.arn
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "Tasks of ${var.name}"
  vpc         = module.network.vpc_id
}
