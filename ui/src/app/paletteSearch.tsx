import { useDebouncedValue } from "@mantine/hooks";
import type { SpotlightActionGroupData } from "@mantine/spotlight";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, take } from "@/api/client";
import { describeError } from "@/api/problem";
import { useSession } from "@/api/session";

const LEAST_CHARACTERS = 2;
const MOST_FOUND = 6;

const rulesQuery = (search: string) =>
  queryOptions({
    queryKey: ["rules", "palette", search],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/rules", { params: { query: { search, limit: MOST_FOUND } }, signal })),
  });

const clientsQuery = (search: string) =>
  queryOptions({
    queryKey: ["clients", "palette", search],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/clients", { params: { query: { search, limit: MOST_FOUND } }, signal })),
  });

/** Rules and clients that have what is typed, and what to say when there are none. */
export function useFoundThings(typed: string): { groups: SpotlightActionGroupData[]; nothing: string } {
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { role } = useSession();
  const navigate = useNavigate();
  const asked = search.length >= LEAST_CHARACTERS;
  const asking = { placeholderData: keepPreviousData, staleTime: 30_000 };
  const rules = useQuery({ ...rulesQuery(search), ...asking, enabled: asked && role !== "ingest" });
  const clients = useQuery({ ...clientsQuery(search), ...asking, enabled: asked && role === "admin" });
  const failed = rules.error ?? clients.error;
  const foundRules = asked ? (rules.data?.items ?? []) : [];
  const foundClients = asked ? (clients.data?.items ?? []) : [];
  return {
    groups: [
      {
        group: "Rules",
        actions: foundRules.map(({ id, source, name, client_id: client }) => ({
          id: `found:rule:${id}`,
          label: `${source} / ${name}`,
          ...(role === "admin" && { description: `of ${client}` }),
          onClick: () => void navigate({ to: "/rules/$ruleId", params: { ruleId: id } }),
        })),
      },
      {
        group: "Clients",
        actions: foundClients.map(({ id, name }) => ({
          id: `found:client:${id}`,
          label: name,
          ...(name !== id && { description: id }),
          onClick: () => void navigate({ to: "/clients/$clientId", params: { clientId: id } }),
        })),
      },
      {
        group: "Rules and clients",
        actions: asked && failed ? [{ id: "found:nothing", label: describeError(failed), disabled: true }] : [],
      },
    ],
    nothing: rules.isFetching || clients.isFetching ? "Searching …" : "Nothing has this name",
  };
}
