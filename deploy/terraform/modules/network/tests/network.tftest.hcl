mock_provider "aws" {}

variables {
  name   = "alerting"
  region = "eu-central-1"
  zones  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat    = "none"
}

run "without_nat" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "there must be no NAT gateway"
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "nothing may get a public address without asking"
  }

  assert {
    condition     = length(distinct(concat([for s in aws_subnet.public : s.cidr_block], [for s in aws_subnet.private : s.cidr_block]))) == 6
    error_message = "subnets must not share addresses"
  }

  assert {
    condition     = length(aws_flow_log.this) == 0
    error_message = "flow logs must be made where they are asked for only"
  }
}

run "nat_in_each_zone" {
  command = plan

  variables {
    nat           = "one_per_zone"
    flow_log_days = 14
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.nat) == 3
    error_message = "each zone must have a gateway of its own"
  }

  assert {
    condition     = one(aws_flow_log.this).traffic_type == "REJECT"
    error_message = "what was refused must be recorded"
  }
}

run "one_nat" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && length(aws_route.nat) == 3
    error_message = "all zones must share the first one's gateway"
  }
}

run "zones_are_different" {
  command = plan

  variables {
    zones = ["eu-central-1a", "eu-central-1a"]
  }

  expect_failures = [var.zones]
}

run "nat_is_a_known_word" {
  command = plan

  variables {
    nat = "some"
  }

  expect_failures = [var.nat]
}
