import { useDebouncedValue } from "@mantine/hooks";
import type { SpotlightActionGroupData } from "@mantine/spotlight";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { pending } from "@/api/pending";
import { describeError } from "@/api/problem";
import { useSession } from "@/api/session";

interface Named {
  items: { id: string; name: string; source?: string; client_id?: string }[];
}

const LEAST_CHARACTERS = 2;
const MOST_FOUND = 6;

function useSearch(what: "rules" | "clients", search: string, enabled: boolean) {
  return useQuery({
    queryKey: [what, "palette", search],
    queryFn: ({ signal }) => pending<Named>("GET", `/api/v1/${what}`, { query: { search, limit: MOST_FOUND }, signal }),
    enabled: enabled && search.length >= LEAST_CHARACTERS,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Rules and clients that have what is typed, and what to say when there are none. */
export function useFoundThings(typed: string): { groups: SpotlightActionGroupData[]; nothing: string } {
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { role } = useSession();
  const navigate = useNavigate();
  const rules = useSearch("rules", search, role !== "ingest");
  const clients = useSearch("clients", search, role === "admin");
  const asked = search.length >= LEAST_CHARACTERS;
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
          ...(role === "admin" && client !== undefined && { description: `of ${client}` }),
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
