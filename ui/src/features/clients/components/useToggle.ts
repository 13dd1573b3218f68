import { notifications } from "@mantine/notifications";
import { describeError } from "@/api/problem";
import { type Client, useSwitchClient } from "../api/clients";

/** Return what turns a client on when it is off, and off when it is on; and whether that is under way. */
export function useToggle(): [(client: Client) => void, boolean] {
  const { mutate, isPending } = useSwitchClient();
  const toggle = ({ id, name, enabled }: Client): void => {
    const onError = (error: unknown): void => {
      notifications.show({ color: "red", title: `“${name}” is as it was`, message: describeError(error) });
    };
    mutate({ id, enabled: !enabled }, { onError });
  };
  return [toggle, isPending];
}
