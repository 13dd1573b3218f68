import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { DEFAULT_INTEGRATION, integrationNamesQuery } from "../api/integrationNames";

interface ReadAsProps {
  value: string;
  onChange: (integration: string) => void;
}

/** By which integration's settings labels are read. A tenant does not see integrations; the usual settings are its. */
export function ReadAs({ value, onChange }: ReadAsProps) {
  const admin = useSession().role === "admin";
  const { data = [DEFAULT_INTEGRATION] } = useQuery({ ...integrationNamesQuery, enabled: admin });
  if (!admin) return null;
  return (
    <Select
      label="As one of the integration"
      description="Each may have settings of its own for which labels are severity, source and name."
      data={data}
      value={value}
      onChange={(chosen) => onChange(chosen ?? DEFAULT_INTEGRATION)}
      allowDeselect={false}
      searchable={data.length > 8}
    />
  );
}
