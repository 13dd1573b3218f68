import { Group, Text } from "@mantine/core";
import IconBan from "@tabler/icons-react/icons/IconBan";
import IconHourglassOff from "@tabler/icons-react/icons/IconHourglassOff";
import type { Key } from "@/api/keys";
import { CellText } from "@/components/CellText";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import { Tone } from "@/components/Tone";
import { type KeyState, stateOf } from "./keyState";
import { Scope } from "./Scope";

/** The columns of the list; `own` is the key that one is logged in with. */
export function columnsFor(own: string, now: Date): Column<Key>[] {
  return [
    { key: "name", title: "Name", render: (key) => <Name item={key} own={key.id === own} state={stateOf(key, now)} /> },
    { key: "scope", title: "May do", render: ({ scope }) => <Scope value={scope} /> },
    {
      key: "prefix",
      title: "Begins with",
      hint: "The rest is known to nobody but its holder",
      render: ({ prefix }) => (
        <Text span size="sm" ff="monospace">
          ak_{prefix}…
        </Text>
      ),
    },
    { key: "used", title: "Last used", render: ({ last_used_at: at }) => <TimeAgo at={at} /> },
    { key: "created", title: "Made", render: ({ created_at: at }) => <TimeAgo at={at} />, wideOnly: true },
    {
      key: "expires",
      title: "Valid until",
      render: ({ expires_at: at, revoked_at: revoked }) =>
        revoked === null ? <TimeAgo at={at} never="no end" absolute /> : <TimeAgo at={revoked} absolute />,
    },
  ];
}

function Name({ item, own, state }: { item: Key; own: boolean; state: KeyState }) {
  return (
    <Group gap="xs">
      <Text span size="sm" fw={state === "valid" ? 600 : 400} {...(state !== "valid" && { c: "dimmed" })}>
        <CellText>{item.name}</CellText>
      </Text>
      {own && <Tone tone="low">You use it now</Tone>}
      {state === "revoked" && (
        <Tone tone="quiet" icon={IconBan}>
          Revoked
        </Tone>
      )}
      {state === "expired" && (
        <Tone tone="quiet" icon={IconHourglassOff}>
          Expired
        </Tone>
      )}
    </Group>
  );
}
