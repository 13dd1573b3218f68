import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { EndpointFields } from "@/components/endpoints/EndpointFields";
import { NEW_ENDPOINT } from "@/components/endpoints/values";
import { Panel } from "@/components/Panel";
import { MOST_ENDPOINTS, type NewRuleValues } from "./values";

/** Who is told of what a new rule matches: made together with it. */
export function EndpointList({ form }: { form: UseFormReturnType<NewRuleValues> }) {
  const { endpoints } = form.values;
  return (
    <Stack gap="md">
      {endpoints.map((endpoint, place) => (
        <Panel
          key={place}
          title={endpoints.length === 1 ? "Tell" : `Tell, ${place + 1} of ${endpoints.length}`}
          aside={
            <Button variant="subtle" size="compact-sm" onClick={() => form.removeListItem("endpoints", place)}>
              Remove<span className="visually-hidden"> endpoint {place + 1}</span>
            </Button>
          }
        >
          <EndpointFields
            values={endpoint}
            inputProps={(name, options) => form.getInputProps(`endpoints.${place}.${name}`, options)}
            onType={(type) => form.setFieldValue(`endpoints.${place}.type`, type)}
          />
        </Panel>
      ))}
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={endpoints.length >= MOST_ENDPOINTS}
          onClick={() => form.insertListItem("endpoints", { ...NEW_ENDPOINT })}
        >
          {endpoints.length === 0 ? "Tell somebody" : "Tell somebody else, too"}
        </Button>
        {endpoints.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody is told yet. You can add endpoints later, too.
          </Text>
        )}
      </Group>
    </Stack>
  );
}
