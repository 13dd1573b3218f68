import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";

export function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        title="There is no page at this address"
        hint="The link may be old, or mistyped."
        action={
          <Button component={Link} to="/" variant="default">
            To the overview
          </Button>
        }
      />
    </>
  );
}
