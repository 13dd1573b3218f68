mock_provider "aws" {}

variables {
  name                     = "alerting"
  vpc_id                   = "vpc-1"
  subnet_ids               = ["subnet-1", "subnet-2", "subnet-3"]
  cidrs                    = ["0.0.0.0/0"]
  target_security_group_id = "sg-1"
  certificate_arn          = "arn:aws:acm:eu-central-1:123456789012:certificate/c"
  targets = {
    ingest       = { host = "alerts.example.com", port = 8080 }
    rule-service = { host = "ui.alerts.example.com", port = 8081 }
  }
}

run "https_only" {
  command = plan

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.outside : rule.from_port]) == toset([80, 443])
    error_message = "no port but 80 and 443 may be open"
  }

  assert {
    condition     = one(one(aws_lb_listener.http.default_action).redirect).protocol == "HTTPS"
    error_message = "HTTP must lead to HTTPS"
  }

  assert {
    condition     = strcontains(aws_lb_listener.https.ssl_policy, "TLS13-1-2")
    error_message = "TLS must be 1.2 or newer"
  }
}

run "a_dependency_that_is_away_replaces_no_task" {
  command = plan

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : one(group.health_check).path == "/healthz"])
    error_message = "targets must be asked whether they live, not whether what they need does"
  }
}
