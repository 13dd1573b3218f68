import { Text } from "@mantine/core";
import { CellText } from "@/components/CellText";
import { AnchorLink } from "@/components/links";

const WORDS: Readonly<Record<string, string>> = { admin: "Everything", ingest: "Send alerts" };

/** What a key may do, in words. */
export function Scope({ value }: { value: string }) {
  const client = value.startsWith("client:") ? value.slice("client:".length) : undefined;
  if (client === undefined) return <span>{WORDS[value] ?? value}</span>;
  return (
    <Text span size="sm">
      Client{" "}
      <AnchorLink to="/clients/$clientId" params={{ clientId: client }} size="sm">
        <CellText id>{client}</CellText>
      </AnchorLink>
    </Text>
  );
}
