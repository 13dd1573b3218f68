/** What comes of an alert, put together from the rules that match. */

import type { MatchedEndpoint, RuleMatch } from "../api/matchAlert";

/** The API lists as many endpoints of a rule, and no more. */
export const MOST_ENDPOINTS = 20;

export interface ClientOutcome {
  clientId: string;
  rules: RuleMatch[];
}

/** The rules by whom they tell. */
export function byClient(matches: readonly RuleMatch[]): ClientOutcome[] {
  const clients = new Map<string, RuleMatch[]>();
  for (const match of matches) clients.set(match.client_id, [...(clients.get(match.client_id) ?? []), match]);
  return [...clients].map(([clientId, rules]) => ({ clientId, rules }));
}

/** The endpoints that are told at once: a fallback only when there is no other that is on. */
export function toldAtOnce({ endpoints }: Pick<RuleMatch, "endpoints">): MatchedEndpoint[] {
  const on = endpoints.filter(({ enabled }) => enabled);
  const first = on.filter(({ fallback }) => !fallback);
  return first.length > 0 ? first : on;
}

export interface Totals {
  rules: number;
  /** Clients that somebody is told for. */
  clients: number;
  told: number;
  failing: number;
  off: number;
  /** Rules that tell nobody. */
  silent: number;
}

export function totalsOf(matches: readonly RuleMatch[]): Totals {
  const told = matches.flatMap(toldAtOnce);
  return {
    rules: matches.length,
    clients: byClient(matches.filter((match) => toldAtOnce(match).length > 0)).length,
    told: told.length,
    failing: told.filter(({ health_status: status }) => status !== "ok").length,
    off: matches.flatMap(({ endpoints }) => endpoints).filter(({ enabled }) => !enabled).length,
    silent: matches.filter((match) => toldAtOnce(match).length === 0).length,
  };
}

/** What a person may have overlooked in two texts that are almost the same. */
export function nearHint(wants: string, has: string): string | undefined {
  if (wants.toLowerCase() === has.toLowerCase()) return "They differ only in upper and lower case, which counts.";
  if (bare(wants) === bare(has)) return "They differ only in spaces, hyphens or the like, which count.";
  return undefined;
}

const bare = (text: string): string => text.toLowerCase().replace(/[\s_\-./]+/g, "");
