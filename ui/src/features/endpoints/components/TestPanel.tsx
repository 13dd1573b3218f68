import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import IconSend from "@tabler/icons-react/icons/IconSend";
import type { Endpoint } from "@/components/endpoints/types";
import { ErrorState } from "@/components/ErrorState";
import { AnchorLink } from "@/components/links";
import { Panel } from "@/components/Panel";
import { type TestResult, useTest } from "../api/test";
import { TestAnswer } from "./TestAnswer";

/** Sends a notification to this endpoint alone, and shows what its receiver answers. */
export function TestPanel({ endpoint }: { endpoint: Endpoint }) {
  const test = useTest(endpoint.id);
  return (
    <Panel title="Try it">
      <Stack gap="sm" align="start">
        <Text size="sm" c="dimmed">
          Sends a notification “EndpointTest” of low severity to this endpoint only, as any other is sent, and shows
          what the receiver answers.
        </Text>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          loading={test.isPending}
          disabled={!endpoint.enabled}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
        {!endpoint.enabled && <Text size="sm">Turn the endpoint on to test it.</Text>}
      </Stack>
      <div role="status">
        {test.isPending && <Waiting />}
        {test.isError && <ErrorState error={test.error} what="The test was not sent" />}
        {!test.isPending && test.data && <Result result={test.data} />}
      </div>
    </Panel>
  );
}

function Waiting() {
  return (
    <Group gap="xs" mt="md">
      <Loader size="xs" aria-hidden />
      <Text size="sm">Waiting for the receiver’s answer, 15 s at most …</Text>
    </Group>
  );
}

function Result({ result }: { result: TestResult }) {
  return (
    <Stack gap="xs" mt="md">
      <TestAnswer result={result} />
      <AnchorLink to="/notifications/$notificationId" params={{ notificationId: result.notification_id }} size="sm">
        See it among the notifications
      </AnchorLink>
    </Stack>
  );
}
