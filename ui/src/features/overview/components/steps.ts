/** The way from an empty deployment to the first notification. */

import type { LinkProps } from "@tanstack/react-router";
import type { SetUp } from "../api/setUp";

export interface Step {
  title: string;
  why: string;
  done: boolean;
  link: Pick<LinkProps, "to" | "params" | "search">;
}

/** A client's key neither makes clients nor connects sources. */
export function stepsFor(there: SetUp, admin: boolean, alertsCame: boolean): Step[] {
  const own: Step[] = [
    {
      title: "Write a rule",
      why: "It says which alerts matter: by severity, source and name.",
      done: there.rules,
      link: { to: "/rules/new" },
    },
    {
      title: "Add an endpoint to the rule",
      why: "Where its notifications go: e-mail, Slack, a webhook, or any service that Apprise knows.",
      done: there.endpoints,
      link: { to: there.rules ? "/rules" : "/rules/new" },
    },
  ];
  if (!admin) return own;
  return [
    {
      title: "Make a client",
      why: "Rules and endpoints belong to a client: a team, or a customer.",
      done: there.clients,
      link: { to: "/clients" },
    },
    ...own,
    {
      title: "Connect a source",
      why: "Prometheus, Grafana or another system sends its alerts here. Or make some with the alert generator.",
      done: alertsCame,
      link: { to: "/integrations" },
    },
  ];
}
