import type { Story } from "./story";

/** Every page, by a name that stays; with something on it. */
export const pagesOf = (story: Story): Readonly<Record<string, string>> => ({
  overview: "/",
  notifications: "/notifications",
  notification: `/notifications/${story.notificationId}`,
  clients: "/clients",
  client: `/clients/${story.clientId}`,
  rules: "/rules",
  rule: `/rules/${story.ruleId}`,
  "rule-edit": `/rules/${story.ruleId}?tab=edit`,
  "rule-history": `/rules/${story.ruleId}?tab=history`,
  "rule-new": `/rules/new?client_id=${story.clientId}&severity=CRITICAL&source=checkout&name=HighErrorRate`,
  endpoints: "/endpoints",
  endpoint: `/endpoints/${story.endpointId}`,
  integrations: "/integrations",
  integration: "/integrations?source=prometheus",
  keys: "/keys",
  try: "/try?severity=CRITICAL&source=checkout&name=HighErrorRate",
  generator: "/generator",
  job: `/generator/${story.jobId}`,
  services: "/services",
  service: "/services/evaluator",
  "dead-letters": "/dead-letters",
  "dead-letter": "/dead-letters/alerts.new/0/0",
});
