import { Menu, Text, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import IconLogout from "@tabler/icons-react/icons/IconLogout";
import IconUserCircle from "@tabler/icons-react/icons/IconUserCircle";
import { useNavigate } from "@tanstack/react-router";
import { describeError } from "@/api/problem";
import { type Session, useLogOut, useSession } from "@/api/session";
import { flushDeletions } from "@/components/useDeletion";
import styles from "./Shell.module.css";

/** What a key is for, in a sentence. */
export function scopeInWords({ scope, client_name: client }: Pick<Session, "scope" | "client_name">): string {
  if (scope === "admin") return "May see and change everything";
  if (scope === "ingest") return "May send alerts";
  return `Sees what belongs to ${client ?? scope.slice("client:".length)}`;
}

/** Whose key this is, and the way out. */
export function UserMenu() {
  const session = useSession();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const leave = async (): Promise<void> => {
    flushDeletions();
    try {
      await logOut(() => navigate({ to: "/login", ignoreBlocker: true }));
    } catch (error) {
      notifications.show({ color: "red", title: "You are still logged in", message: describeError(error) });
    }
  };
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton className={styles.user} aria-label={`Your key: ${session.name}`}>
          <IconUserCircle size={20} aria-hidden />
          <Text size="sm" truncate maw={160} visibleFrom="sm">
            {session.name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {session.name}
          </Text>
          <Text size="sm">{scopeInWords(session)}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
