import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import IconTrash from "@tabler/icons-react/icons/IconTrash";
import { describeError } from "@/api/problem";
import { RowMenu } from "../RowMenu";
import { useSwitchEndpoint } from "./queries";
import type { EndpointSummary } from "./types";
import { useEndpointDeletion } from "./useEndpointDeletion";

/** What one can do with an endpoint of a list. */
export function EndpointMenu({ endpoint }: { endpoint: EndpointSummary }) {
  const { id, shown, enabled } = endpoint;
  const toggle = useSwitchEndpoint();
  const remove = useEndpointDeletion();
  const onError = (error: unknown): void => {
    notifications.show({ color: "red", title: `“${shown}” is as it was`, message: describeError(error) });
  };
  const Icon = enabled ? IconPlayerPause : IconPlayerPlay;
  return (
    <RowMenu name={shown}>
      <Menu.Item
        leftSection={<Icon size={16} aria-hidden />}
        onClick={() => toggle.mutate({ id, enabled: !enabled }, { onError })}
      >
        {enabled ? "Turn off" : "Turn on"}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove(endpoint)}>
        Delete
      </Menu.Item>
    </RowMenu>
  );
}
