import { api, take } from "@/api/client";
import { ApiError } from "@/api/problem";
import type { components } from "@/api/schema/rule-service";
import { createEndpoint } from "@/components/endpoints/queries";
import type { EndpointCreate } from "@/components/endpoints/types";
import type { Rule } from "./rules";

export type NewRule = Omit<components["schemas"]["RuleCreate"], "id">;

/** A webhook's signing secret, which is told this once. */
export interface Secret {
  endpointId: string;
  url: string;
  secret: string;
}

export interface Created {
  rule: Rule;
  secrets: Secret[];
  /** An endpoint that was refused after the rule was made. */
  failed?: { endpoint: EndpointCreate; error: unknown };
}

/**
 * Make a rule with its endpoints. Webhooks are added right after it, because only then does the service tell what they
 * are signed with.
 */
export async function createRule(clientId: string, { endpoints, ...body }: NewRule): Promise<Created> {
  const signed = endpoints.filter(({ type }) => type === "webhook");
  const others = endpoints.filter(({ type }) => type !== "webhook");
  const params = { path: { client_id: clientId } };
  const rule = await take(
    api.POST("/api/v1/clients/{client_id}/rules", { params, body: { ...body, endpoints: others } }),
  ).catch((error: unknown) => {
    throw atTheirPlaces(
      error,
      others.map((endpoint) => endpoints.indexOf(endpoint)),
    );
  });
  const secrets: Secret[] = [];
  for (const endpoint of signed) {
    try {
      const { id, value: url, secret } = await createEndpoint(rule.id, endpoint);
      if (secret !== null) secrets.push({ endpointId: id, url, secret });
    } catch (error) {
      return { rule, secrets, failed: { endpoint, error } };
    }
  }
  return { rule, secrets };
}

/** A fault names an endpoint by its place among those that were sent; on the form it may have another. */
function atTheirPlaces(error: unknown, places: readonly number[]): unknown {
  if (!(error instanceof ApiError)) return error;
  const faults = error.faults.map((fault) => ({
    ...fault,
    field: fault.field.replace(
      /^endpoints\.(\d+)/,
      (all, place: string) => `endpoints.${places[Number(place)] ?? all}`,
    ),
  }));
  return new ApiError(error.status, error.detail, faults, error.retryAfterSeconds);
}
