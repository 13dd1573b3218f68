import { Menu } from "@mantine/core";
import IconPencil from "@tabler/icons-react/icons/IconPencil";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import IconTrash from "@tabler/icons-react/icons/IconTrash";
import { useNavigate } from "@tanstack/react-router";
import { RowMenu } from "@/components/RowMenu";
import type { Client } from "../api/clients";
import { useClientDeletion } from "./useClientDeletion";
import { useToggle } from "./useToggle";

/** What one can do with a client of the list. */
export function ClientMenu({ client }: { client: Client }) {
  const { id, name, enabled, rules } = client;
  const [toggle] = useToggle();
  const remove = useClientDeletion();
  const navigate = useNavigate();
  const Icon = enabled ? IconPlayerPause : IconPlayerPlay;
  return (
    <RowMenu name={name}>
      <Menu.Item
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={() => void navigate({ to: "/clients/$clientId", params: { clientId: id }, search: { tab: "edit" } })}
      >
        Edit
      </Menu.Item>
      <Menu.Item leftSection={<Icon size={16} aria-hidden />} onClick={() => toggle(client)}>
        {enabled ? "Turn off" : "Turn on"}
      </Menu.Item>
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} aria-hidden />}
        disabled={rules > 0}
        onClick={() => remove(client)}
      >
        {rules > 0 ? "Delete its rules first" : "Delete"}
      </Menu.Item>
    </RowMenu>
  );
}
