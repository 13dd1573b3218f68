import { Grid } from "@mantine/core";
import type { ReactNode } from "react";

/** A form, and beside it what one should know while one fills it in. */
export function FormLayout({ children, beside }: { children: ReactNode; beside: ReactNode }) {
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7.5 }}>{children}</Grid.Col>
      <Grid.Col span={{ base: 12, md: 4.5 }}>{beside}</Grid.Col>
    </Grid>
  );
}
