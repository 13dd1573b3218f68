import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** Why there is nothing, or what to do about it. */
  hint?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show, and why. */
export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Title order={2} size="h3">
        {title}
      </Title>
      {hint !== undefined && (
        <Text c="dimmed" maw={480}>
          {hint}
        </Text>
      )}
      {action}
    </Stack>
  );
}
