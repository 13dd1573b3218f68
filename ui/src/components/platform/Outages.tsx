import { Alert, List, Text } from "@mantine/core";
import IconPlugConnectedX from "@tabler/icons-react/icons/IconPlugConnectedX";

const MISSING: Readonly<Record<string, { name: string; unknown: string }>> = {
  redis: { name: "Redis", unknown: "which services run, and how fast, is not known" },
  kafka: { name: "Kafka", unknown: "how many messages wait is not known" },
  postgres: { name: "PostgreSQL", unknown: "notifications and receivers are not known" },
};

/** Which figures are not there, and because of what. Nothing when all are. */
export function Outages({ parts }: { parts: Readonly<Record<string, string>> }) {
  const away = Object.entries(parts).filter(([, state]) => state !== "ok");
  if (away.length === 0) return null;
  const sentences = away.map(([part]) => sentenceOf(part));
  return (
    <Alert
      role="status"
      color="yellow"
      icon={<IconPlugConnectedX aria-hidden />}
      title="Some figures are missing"
      mb="md"
    >
      {sentences.length === 1 ? (
        <Text size="sm">{sentences[0]}</Text>
      ) : (
        <List size="sm">
          {sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

function sentenceOf(part: string): string {
  const { name, unknown } = MISSING[part] ?? { name: part, unknown: "its figures are not known" };
  return `${name} does not answer: ${unknown}.`;
}
