import { Stack, Text } from "@mantine/core";
import { sentence } from "@/api/problem";
import { TimeAgo } from "@/components/TimeAgo";
import type { Reject } from "../api/integrations";

/** Alerts that were refused, the newest first. */
export function Rejects({ rejects }: { rejects: readonly Reject[] }) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} mah={420} aria-label="Refused alerts">
      {rejects.slice(0, SHOWN).map((reject, place) => (
        // Two may be alike in everything, and none has an id.
        <li key={`${place} ${reject.at}`}>
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {sentence(`${whereOf(reject)}${reject.message}`)}
          </Text>
          <Text size="sm" c="dimmed">
            <TimeAgo at={reject.at} />, sent with the key {reject.sender}
          </Text>
        </li>
      ))}
    </Stack>
  );
}

const SHOWN = 10;

/** The field, and among several alerts which one it was; people count from one. */
function whereOf({ field, item }: Reject): string {
  const alert = item === null ? "" : `Alert ${item + 1}, `;
  return field === "" || field === "body" ? alert : `${alert}${field}: `;
}
