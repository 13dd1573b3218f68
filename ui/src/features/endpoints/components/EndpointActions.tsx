import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { describeError } from "@/api/problem";
import { shownAddress } from "@/components/endpoints/address";
import { useSwitchEndpoint } from "@/components/endpoints/queries";
import type { Endpoint } from "@/components/endpoints/types";
import { useEndpointDeletion } from "@/components/endpoints/useEndpointDeletion";

/** Turn it on or off, or delete it. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { id, type, value, enabled, rule_id: ruleId } = endpoint;
  const toggle = useSwitchEndpoint();
  const remove = useEndpointDeletion();
  const navigate = useNavigate();
  const onError = (error: unknown): void => {
    notifications.show({ color: "red", title: "The endpoint is as it was", message: describeError(error) });
  };
  const onDelete = (): void => {
    remove({ id, shown: shownAddress(type, value) });
    void navigate({ to: "/rules/$ruleId", params: { ruleId }, ignoreBlocker: true });
  };
  return (
    <>
      <Button
        variant="default"
        loading={toggle.isPending}
        onClick={() => toggle.mutate({ id, enabled: !enabled }, { onError })}
      >
        {enabled ? "Turn off" : "Turn on"}
      </Button>
      <Button variant="default" onClick={onDelete}>
        Delete
      </Button>
    </>
  );
}
