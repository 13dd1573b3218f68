import { Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "@/api/client";
import { describeError } from "@/api/problem";
import { useSession } from "@/api/session";

interface ClientFilterProps {
  label?: string;
  value: string | undefined;
  onChange: (clientId: string | undefined) => void;
  /** In a form, where one has to be chosen. */
  required?: boolean;
  error?: string | undefined;
  width?: number | string;
}

const MOST_SHOWN = 20;

const clientsQuery = (search: string) =>
  queryOptions({
    queryKey: ["clients", "pick", search],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/clients", { params: { query: { limit: MOST_SHOWN, ...(search && { search }) } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** A client, searched on the server: there may be a million. Nothing for a tenant, who has one only. */
export function ClientFilter(props: ClientFilterProps) {
  const { role } = useSession();
  return role === "admin" ? <ClientSelect {...props} /> : null;
}

function ClientSelect({ label = "Client", value, onChange, required = false, error, width = 200 }: ClientFilterProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [search] = useDebouncedValue(typed === value ? "" : typed, 250);
  const query = useQuery(clientsQuery(search));
  const found =
    query.data?.items.map(({ id, name }) => ({ value: id, label: name === id ? id : `${id} – ${name}` })) ?? [];
  const data =
    value === undefined || found.some((each) => each.value === value) ? found : [{ value, label: value }, ...found];
  return (
    <Select
      label={label}
      placeholder={required ? "Choose a client" : "Any"}
      data={data}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      clearable={!required}
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      required={required}
      error={error ?? (query.isError ? describeError(query.error) : undefined)}
      nothingFoundMessage={search === "" ? "There are no clients yet" : "No such client"}
      rightSection={query.isFetching ? <Loader size="xs" /> : undefined}
      w={width}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}
