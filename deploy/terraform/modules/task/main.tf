locals {
  # A reference is a secret's ARN, alone or with :key:stage:version behind it.
  secret_arns = distinct([
    for reference in flatten([for container in values(var.containers) : values(container.secrets)]) :
    join(":", slice(split(":", reference), 0, 7))
  ])

  containers = [for name, container in var.containers : {
    name             = name
    image            = container.image
    essential        = true
    entryPoint       = container.entry_point
    command          = container.command
    user             = container.user == "" ? null : container.user
    cpu              = container.cpu
    memory           = container.memory
    environment      = [for key in sort(keys(container.environment)) : { name = key, value = container.environment[key] }]
    secrets          = [for key in sort(keys(container.secrets)) : { name = key, valueFrom = container.secrets[key] }]
    stopTimeout      = container.stop_timeout
    extraHosts       = [for host in sort(keys(var.extra_hosts)) : { hostname = host, ipAddress = var.extra_hosts[host] }]
    mountPoints      = [for volume, path in container.mounts : { sourceVolume = volume, containerPath = path, readOnly = false }]
    systemControls   = []
    volumesFrom      = []
    privileged       = false
    healthCheck      = length(container.health) == 0 ? null : merge(local.health, { command = container.health })
    portMappings     = container.port == null ? [] : [merge(local.mapping[name], { containerPort = container.port, protocol = "tcp" })]
    logConfiguration = { logDriver = "awslogs", options = merge(local.log_options, { "awslogs-stream-prefix" = var.name }) }

    readonlyRootFilesystem = container.read_only
    dockerSecurityOptions  = ["no-new-privileges"]
    linuxParameters = {
      initProcessEnabled = true
      capabilities       = { drop = ["ALL"] }
      tmpfs = [for path in sort(keys(container.scratch)) : {
        containerPath = path
        size          = container.scratch[path]
        mountOptions  = ["rw", "noexec", "nosuid", "nodev", "mode=1777"]
      }]
    }
  }]

  # What the program itself answers: an image has no other program that could be asked.
  health = { interval = 15, timeout = 5, retries = 4, startPeriod = 120 }

  # A task with an interface of its own listens on its own ports.
  mapping = { for name, container in var.containers : name => {
    hostPort = var.network_mode == "awsvpc" ? container.port : container.host_port
  } }

  # A service must not wait for its log.
  log_options = {
    "awslogs-group"   = var.log_group.name
    "awslogs-region"  = var.region
    "mode"            = "non-blocking"
    "max-buffer-size" = "4m"
  }
}

resource "aws_ecs_task_definition" "this" {
  #checkov:skip=CKV_AWS_336:the root file system is read-only but where an image of somebody else cannot start like that; see modules/stores
  family                   = var.name
  requires_compatibilities = ["EC2"]
  network_mode             = var.network_mode
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.containers)

  # A rollback goes back to the revision before: it has to be there.
  skip_destroy = true

  dynamic "volume" {
    for_each = var.volumes

    content {
      name      = volume.key
      host_path = volume.value
    }
  }
}
