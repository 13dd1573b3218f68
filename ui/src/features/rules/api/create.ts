import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type NewRule = Omit<components["schemas"]["RuleCreate"], "id">;
export type CreatedRule = components["schemas"]["CreatedRule"];

/** Make a rule with its endpoints, all or nothing. */
export const createRule = (clientId: string, body: NewRule): Promise<CreatedRule> =>
  take(api.POST("/api/v1/clients/{client_id}/rules", { params: { path: { client_id: clientId } }, body }));

/** A webhook's signing secret, which is told this once. */
export interface Secret {
  endpointId: string;
  url: string;
  secret: string;
}

/** Those that are new: another webhook of the client with the same address has the same one. */
export const newSecrets = ({ created_endpoints: endpoints }: CreatedRule): Secret[] =>
  endpoints.flatMap(({ id, value, secret }) => (secret === null ? [] : [{ endpointId: id, url: value, secret }]));
