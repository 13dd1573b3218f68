resource "aws_security_group" "this" {
  name        = "${var.name}-instances"
  description = "Instances of the cluster ${var.name}, and the tasks that share their interface"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-instances" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for pair in flatten([
    for name, rule in var.ingress : [for cidr in rule.cidrs : { name = name, port = rule.port, cidr = cidr }]
  ]) : "${pair.name} ${pair.cidr}" => pair }

  security_group_id = aws_security_group.this.id
  description       = each.value.name
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

# Receivers of notifications are anywhere, and so are registries.
resource "aws_vpc_security_group_egress_rule" "all" {
  #checkov:skip=CKV_AWS_382:webhooks, mail and Slack are wherever tenants say; the sender itself refuses private addresses
  security_group_id = aws_security_group.this.id
  description       = "anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
