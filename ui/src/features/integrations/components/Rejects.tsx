import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { sentence } from "@/api/problem";
import { formatNumber } from "@/components/numbers";
import { TimeAgo } from "@/components/TimeAgo";
import type { Reject } from "../api/integrations";

/** Alerts that were refused, the newest first. */
export function Rejects({ rejects }: { rejects: readonly Reject[] }) {
  const [opened, { open }] = useDisclosure();
  const shown = opened ? rejects : rejects.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label="Refused alerts">
        {shown.map((reject, place) => (
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
      {shown.length < rejects.length && (
        <Button variant="default" size="xs" mt="sm" onClick={open}>
          Show {formatNumber(rejects.length - shown.length)} more
        </Button>
      )}
      {shown.length === MOST_KEPT && (
        <Text size="sm" c="dimmed" mt="sm">
          The last {MOST_KEPT} are kept.
        </Text>
      )}
    </>
  );
}

const SHOWN_AT_FIRST = 10;
/** By ingest, of each integration. */
const MOST_KEPT = 50;

/** The field, and among several alerts which one it was; people count from one. */
function whereOf({ field, item }: Reject): string {
  const alert = item === null ? "" : `Alert ${item + 1}, `;
  return field === "" || field === "body" ? alert : `${alert}${field}: `;
}
