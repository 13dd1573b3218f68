import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { ClientFilter } from "@/components/ClientFilter";
import { SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import type { TrySearch } from "../search";

const CHOICES = SEVERITIES.map((value) => ({ value, label: SEVERITY_LOOKS[value].word }));

interface AlertFieldsProps {
  search: TrySearch;
  onTry: (alert: Required<Pick<TrySearch, "severity" | "source" | "name">> & { client_id: string | undefined }) => void;
}

const valuesOf = (search: TrySearch) => ({
  severity: search.severity ?? "CRITICAL",
  source: search.source ?? "",
  name: search.name ?? "",
  client_id: search.client_id ?? "",
});

const needed = (what: string) => (value: string) => (value.trim() === "" ? `Enter the ${what} of the alert.` : null);

/** An alert by its three fields. */
export function AlertFields({ search, onTry }: AlertFieldsProps) {
  const form = useForm({
    initialValues: valuesOf(search),
    validate: { source: needed("source"), name: needed("name") },
  });
  // The back button, or a pasted alert, changes the address behind the form's back.
  const [known, setKnown] = useState(search);
  if (known !== search) {
    setKnown(search);
    form.setValues(valuesOf(search));
  }
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ client_id: clientId, source, name, severity }) =>
        onTry({ severity, source: source.trim(), name: name.trim(), client_id: clientId || undefined }),
      )}
    >
      <Stack gap="md">
        <Select label="Severity" data={CHOICES} allowDeselect={false} {...form.getInputProps("severity")} />
        <TextInput label="Source" placeholder="prometheus" maxLength={255} required {...form.getInputProps("source")} />
        <TextInput label="Name" placeholder="HighErrorRate" maxLength={255} required {...form.getInputProps("name")} />
        <ClientFilter
          label="Only this client"
          value={form.values.client_id || undefined}
          onChange={(clientId) => form.setFieldValue("client_id", clientId ?? "")}
          width="100%"
        />
        <Button type="submit">See who would be told</Button>
      </Stack>
    </form>
  );
}
