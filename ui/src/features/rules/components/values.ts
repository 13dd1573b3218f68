/** A rule as its form has it. */

import {
  bodyOf as endpointBody,
  ENDPOINT_FIELDS,
  ENDPOINT_VALIDATION,
  type EndpointValues,
  NEW_ENDPOINT,
} from "@/components/endpoints/values";
import type { NewRule } from "../api/create";
import type { RulePatch } from "../api/rule";
import type { Rule } from "../api/rules";

export interface RuleValues {
  severity: Rule["severity"];
  source: string;
  name: string;
  description: string;
  enabled: boolean;
}

export interface NewRuleValues extends RuleValues {
  client_id: string;
  endpoints: EndpointValues[];
}

export const EMPTY_RULE: RuleValues = { severity: "HIGH", source: "", name: "", description: "", enabled: true };

export const MOST_ENDPOINTS = 20;
const MOST_CHARACTERS = 255;
const MOST_DESCRIPTION = 1000;

const textFault = (what: string) => (value: string) => {
  if (value.trim() === "") return `Enter the alerts’ ${what}, or * for any.`;
  return value.length > MOST_CHARACTERS ? `${MOST_CHARACTERS} characters at most.` : null;
};

export const RULE_VALIDATION = {
  source: textFault("source"),
  name: textFault("name"),
  description: (value: string) => (value.length > MOST_DESCRIPTION ? "1,000 characters at most." : null),
};

export const NEW_RULE_VALIDATION = {
  ...RULE_VALIDATION,
  client_id: (value: string) => (value === "" ? "Choose whose rule it is." : null),
  endpoints: Object.fromEntries(
    Object.entries(ENDPOINT_VALIDATION).map(([field, fault]) => [
      field,
      (value: string, { endpoints }: NewRuleValues, path: string) =>
        fault(value, endpoints[Number(path.split(".")[1])] ?? NEW_ENDPOINT),
    ]),
  ),
};

/** The API's names of the endpoints' fields in a new rule. */
export const NEW_RULE_FIELDS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: MOST_ENDPOINTS }, (_, place) => place).flatMap((place) =>
    Object.entries(ENDPOINT_FIELDS).map(([theirs, ours]) => [
      `endpoints.${place}.${theirs}`,
      `endpoints.${place}.${ours}`,
    ]),
  ),
);

export function valuesOf({ severity, source, name, description, enabled }: Rule): RuleValues {
  return { severity, source, name, description, enabled };
}

/** Without spaces around what has to be the alert's text exactly. */
export function tidied<Values extends RuleValues>(values: Values): Values {
  return { ...values, source: values.source.trim(), name: values.name.trim() };
}

export function newRuleOf(values: NewRuleValues): NewRule {
  const { severity, source, name, description, enabled, endpoints } = tidied(values);
  return { severity, source, name, description, enabled, endpoints: endpoints.map(endpointBody) };
}

/** Only what differs, so that the record of changes says what was meant. */
export function patchOf(before: RuleValues, after: RuleValues): RulePatch {
  const now = tidied(after);
  const names = Object.keys(before) as (keyof RuleValues)[];
  return Object.fromEntries(names.filter((name) => before[name] !== now[name]).map((name) => [name, now[name]]));
}

/** A rule for every alert is refused, unless the deployment allows it. */
export const catchAllFault =
  (allowed: boolean) =>
  (_severity: string, { severity, source, name }: Pick<RuleValues, "severity" | "source" | "name">): string | null =>
    !allowed && [severity, source.trim(), name.trim()].every((each) => each === "*")
      ? "Not all three may be *: the rule would match every alert."
      : null;
