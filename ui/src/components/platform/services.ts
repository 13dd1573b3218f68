/** The platform's services, in the order of the pipeline: what each is there for. */

export interface ServiceFacts {
  title: string;
  /** One sentence. */
  does: string;
  /** What does not happen while it is down; not said of one that may be left out. */
  without?: string;
  /** The topic that it reads. */
  reads?: "alerts.new" | "rule.changed" | "alerts.matched" | "notifications.ready";
  /** What its figures count; without a word, it counts nothing. */
  takes?: string;
  gives?: string;
  /** What goes wrong within the platform, and its state's word then. */
  fails?: string;
  failing?: string;
  /** What goes wrong because of others: of who sends to it, or whom it sends to; and its state's word then. */
  refuses?: string;
  refusing?: string;
  /** What its time is the time of. */
  times?: string;
}

export const SERVICES: Readonly<Record<string, ServiceFacts>> = {
  ingest: {
    title: "Ingest",
    does: "Takes alerts from Prometheus, Grafana and other sources.",
    without: "alerts from outside are turned away",
    gives: "alerts taken",
    fails: "alerts that the broker did not take",
    failing: "Broker away",
    refuses: "alerts refused",
    refusing: "Refuses some",
    times: "from the request to the broker's receipt",
  },
  "alert-producer": {
    title: "Alert generator",
    does: "Makes alerts to try the platform with.",
    gives: "alerts made",
  },
  evaluator: {
    title: "Evaluator",
    does: "Finds the rules that match each alert.",
    without: "alerts wait and are matched with no rule",
    reads: "alerts.new",
    takes: "alerts looked at",
    gives: "alerts matched",
    fails: "batches tried again",
    times: "from when a message is written to when it is handled",
  },
  aggregator: {
    title: "Aggregator",
    does: "Makes one notification for each client that an alert concerns.",
    without: "matched alerts wait and become no notifications",
    reads: "alerts.matched",
    takes: "matches read",
    gives: "notifications made",
    fails: "batches tried again",
    times: "from when a message is written to when it is handled",
  },
  sender: {
    title: "Sender",
    does: "Sends notifications, and tries again what failed.",
    without: "notifications wait and are not sent",
    reads: "notifications.ready",
    takes: "notifications read",
    gives: "deliveries made",
    fails: "failures of the platform’s own",
    refuses: "attempts at receivers that failed",
    refusing: "Some fail",
    times: "from when a message is written to when it is handled",
  },
  "rule-service": {
    title: "Rule service",
    does: "Keeps clients, rules and endpoints, and serves this page.",
    without: "nothing can be changed",
  },
  "rule-updater": {
    title: "Rule updater",
    does: "Brings changed rules to the evaluators.",
    without: "changes of rules have no effect",
    reads: "rule.changed",
    takes: "changes read",
    fails: "batches tried again",
    times: "from when a message is written to when it is handled",
  },
  metrics: {
    title: "Metrics",
    does: "Collects the figures that you see here.",
  },
};

/** The names of all services, with those that only this deployment knows at the end. */
export function allServices(found: readonly string[]): string[] {
  return [...Object.keys(SERVICES), ...found.filter((name) => !(name in SERVICES))];
}

export const titleOf = (service: string): string => SERVICES[service]?.title ?? service;
