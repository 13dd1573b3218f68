import { Alert } from "@mantine/core";
import type { ReactNode } from "react";

/** What is wrong with a form as a whole; nothing when nothing is. */
export function FormError({ children }: { children: ReactNode }) {
  if (children === undefined || children === null || children === "") return null;
  return (
    <Alert color="red" role="alert" py="xs">
      {children}
    </Alert>
  );
}
