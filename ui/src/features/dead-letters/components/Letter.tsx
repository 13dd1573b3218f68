import { Stack, Table, Text } from "@mantine/core";
import { CodeBlock, CopyField } from "@/components/CopyField";
import { Facts } from "@/components/Facts";
import { formatNumber, plural } from "@/components/numbers";
import { Panel } from "@/components/Panel";
import { TimeAgo } from "@/components/TimeAgo";
import type { DeadLetterDetail } from "../api/letters";
import styles from "./DeadLetters.module.css";
import { hexDump } from "./hexDump";
import { reasonInWords, topicInWords } from "./words";

/** All there is to tell of a letter: why it is here, what it says, and its bytes. */
export function Letter({ letter }: { letter: DeadLetterDetail }) {
  return (
    <Stack gap="md" className={styles.letter ?? ""}>
      <div className={styles.columns}>
        <Panel title="Why it is here">
          <Why letter={letter} />
        </Panel>
        <Panel title="Headers">
          <Headers headers={letter.headers} />
        </Panel>
      </div>
      <Panel title="What it says">
        <Decoded letter={letter} />
      </Panel>
      <Panel title="As it was sent" aside={letter.bytes !== null && plural(letter.bytes, "byte")}>
        <Raw hex={letter.value_hex} />
      </Panel>
    </Stack>
  );
}

function Why({ letter }: { letter: DeadLetterDetail }) {
  const { topic, partition, offset, reason, error, service, replays, written_at: at, key, action } = letter;
  const { meaning } = reasonInWords(reason);
  return (
    <Facts
      facts={[
        { title: "Error", value: <span style={{ overflowWrap: "anywhere" }}>{error}</span> },
        meaning !== "" && { title: "That means", value: meaning },
        { title: "Refused by", value: service },
        { title: "When", value: <TimeAgo at={at} /> },
        { title: "What it is", value: topicInWords(topic) },
        { title: "Key", value: key === null ? "none" : <CopyField value={key} label="the key" /> },
        { title: "Place", value: `${topic}.dlq, partition ${partition}, offset ${offset}` },
        { title: "Replayed before", value: replays === 0 ? "never" : plural(replays, "time") },
        { title: "What was done", value: action === null ? "Nothing yet: it waits" : <Done action={action} /> },
      ]}
    />
  );
}

function Done({ action: { action, actor, at } }: { action: NonNullable<DeadLetterDetail["action"]> }) {
  return (
    <span>
      {action === "REPLAYED" ? "Replayed" : "Dropped"} <TimeAgo at={at} /> by{" "}
      {actor === "cli" ? "the command line" : `the key ${actor}`}
    </span>
  );
}

function Headers({ headers }: { headers: DeadLetterDetail["headers"] }) {
  if (headers.length === 0) return <Text c="dimmed">It has none.</Text>;
  return (
    <Table aria-label="Headers" verticalSpacing={4} horizontalSpacing={0} withRowBorders={false}>
      <Table.Tbody>
        {headers.map(({ name, value }, place) => (
          // Names may come twice, and the order never changes.
          <Table.Tr key={`${place} ${name}`}>
            <Table.Th scope="row" w="34%" fw={500}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere" }}>{value ?? "–"}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Decoded({ letter: { fields, decode_error: error, message } }: { letter: DeadLetterDetail }) {
  if (fields === null) {
    return (
      <Text size="sm">
        It is no {message}, so there is nothing to read: {error}
      </Text>
    );
  }
  return <CodeBlock value={JSON.stringify(fields, null, 2)} label="what it says" />;
}

function Raw({ hex }: { hex: string | null }) {
  if (hex === null || hex === "") return <Text size="sm">It has no content.</Text>;
  const { text, left } = hexDump(hex);
  return (
    <Stack gap="xs">
      <CodeBlock value={text} label="its bytes" />
      {left > 0 && (
        <Text size="sm" c="dimmed">
          {formatNumber(left)} more bytes are not shown.
        </Text>
      )}
    </Stack>
  );
}
