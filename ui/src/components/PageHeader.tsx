import { Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface PageHeaderProps {
  /** Also the tab's title. */
  title: string;
  /** One sentence on what the page is for. */
  hint?: ReactNode;
  /** Beside the title: a badge. */
  aside?: ReactNode;
  actions?: ReactNode;
}

/** A page's heading: its only h1, and what one can do here. */
export function PageHeader({ title, hint, aside, actions }: PageHeaderProps) {
  useDocumentTitle(`${title} – alerting`);
  return (
    <Group component="header" justify="space-between" align="start" mb="md" gap="sm">
      <div>
        <Group gap="sm">
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {aside}
        </Group>
        {hint !== undefined && (
          <Text c="dimmed" maw={720} style={{ textWrap: "pretty" }}>
            {hint}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}
