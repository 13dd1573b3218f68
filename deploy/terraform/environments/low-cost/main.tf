# One small instance with everything on it. Containers share its interface, and so its public address, which is their way out:
# there is no NAT gateway and no load balancer. Kafka, PostgreSQL and Valkey have interfaces of their own in a private subnet.

locals {
  directories = { kafka = 1000, postgres = 999, valkey = 999 }
}

module "network" {
  source = "../../modules/network"

  name   = var.name
  region = var.region
  cidr   = var.cidr
  zones  = [var.zone]
  nat    = "none"
}

module "registry" {
  source = "../../modules/registry"

  name = var.name
}

module "secrets" {
  source = "../../modules/secrets"

  name        = "${var.name}/passwords"
  description = "Passwords of PostgreSQL and Valkey of ${var.name}"
  generated   = ["postgres", "valkey"]
}

module "observability" {
  source = "../../modules/observability"

  name         = var.name
  log_days     = 7
  alarm_emails = var.alarm_emails

  alarms = {
    instance = {
      description = "The instance does not answer, or there is none"
      namespace   = "AWS/EC2"
      metric      = "StatusCheckFailed"
      dimensions  = { AutoScalingGroupName = module.cluster.autoscaling_group }
      statistic   = "Maximum"
      above       = 0
      missing     = "breaching"
    }
    memory = {
      description = "Tasks use nearly all of the memory that the instance has for them"
      namespace   = "AWS/ECS"
      metric      = "MemoryUtilization"
      dimensions  = { ClusterName = var.name }
      above       = 90
      periods     = 15
    }
    credits = {
      description = "The instance has next to no CPU credits left, and will be slow"
      namespace   = "AWS/EC2"
      metric      = "CPUCreditBalance"
      dimensions  = { AutoScalingGroupName = module.cluster.autoscaling_group }
      below       = 30
      period      = 300
      periods     = 3
    }
  }
}

module "cluster" {
  source = "../../modules/ecs-cluster"

  name           = var.name
  region         = var.region
  instance_type  = var.instance_type
  instances      = { min = 1, max = 1 }
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.public_subnet_ids
  public_address = true

  tasks = merge(
    { for name, memory in local.memory : name => { memory = memory, cpu = 64, count = 1 } },
    # The migrations run beside all that is there, and the topics after them.
    { one-off = { memory = local.one_off_memory, cpu = 64, count = 1 } },
  )

  data_volume = {
    zone        = var.zone
    size_gib    = var.data_gib
    directories = local.directories
  }

  ingress = {
    ingest = { port = local.services.ingest.port, cidrs = var.ingest_cidrs }
    ui     = { port = local.services.rule-service.port, cidrs = var.ui_cidrs }
  }
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "Tasks of ${var.name}"
  vpc         = module.network.vpc_id
}

module "stores" {
  source = "../../modules/stores"

  name                     = var.name
  region                   = var.region
  cluster                  = module.cluster.cluster
  log_group                = module.observability.log_group
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  client_security_group_id = module.cluster.security_group_id
  images                   = var.store_images
  secrets                  = { for name in ["postgres", "valkey"] : name => module.secrets.references[name] }
  memory                   = { for name in ["kafka", "postgres", "valkey"] : name => local.memory[name] }

  namespace = {
    id   = aws_service_discovery_private_dns_namespace.this.id
    name = aws_service_discovery_private_dns_namespace.this.name
  }
}
