# Tasks have interfaces of their own, in private subnets. In comes the load balancer, to two ports, and one task to another's HTTP.
resource "aws_security_group" "tasks" {
  #checkov:skip=CKV2_AWS_5:tasks have it, by way of modules/service
  name        = "${var.name}-tasks"
  description = "Tasks of ${var.name}"
  vpc_id      = module.network.vpc_id
  tags        = { Name = "${var.name}-tasks" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = local.hosts

  security_group_id            = aws_security_group.tasks.id
  description                  = "load balancer to ${each.key}"
  referenced_security_group_id = module.load_balancer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.services[each.key].port
  to_port                      = local.services[each.key].port
}

# rule-service hands on what a browser asks of the others.
resource "aws_vpc_security_group_ingress_rule" "tasks" {
  for_each = toset(["ingest", "alert-producer", "metrics"])

  security_group_id            = aws_security_group.tasks.id
  description                  = "tasks to ${each.key}"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = local.services[each.key].port
  to_port                      = local.services[each.key].port
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  #checkov:skip=CKV_AWS_382:webhooks, mail and Slack are wherever tenants say; the sender itself refuses private addresses
  security_group_id = aws_security_group.tasks.id
  description       = "anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
