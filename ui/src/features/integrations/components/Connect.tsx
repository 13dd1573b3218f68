import { Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Panel } from "@/components/Panel";
import { Activity } from "./Activity";
import { Configuration } from "./Configuration";
import { hasName } from "./configuration";
import styles from "./Integrations.module.css";
import { nameFault, SOURCE_NAMES, type SourceId } from "./sourceNames";

/** The paths without a name are of this integration. */
const DEFAULT = "default";

/** Connects a source: a name, a key, the configuration, and whether anything comes. */
export function Connect({ source }: { source: SourceId }) {
  const [typed, setTyped] = useState<string>(source);
  const fault = nameFault(typed);
  const name = hasName(source) ? typed : DEFAULT;
  const valid = !hasName(source) || fault === undefined;
  const [watched] = useDebouncedValue(valid ? name : undefined, 300);
  return (
    <div className={styles.columns}>
      <Panel title={`Connect ${SOURCE_NAMES[source].title}`}>
        <Stack gap="md">
          {hasName(source) ? (
            <TextInput
              label="Name of the integration"
              description="It keeps senders apart: the same alert of two integrations is two alerts."
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value.trim().toLowerCase())}
              error={fault}
              maxLength={63}
              maw={420}
              required
            />
          ) : (
            <Text size="sm">Alerts sent this way belong to the integration “{DEFAULT}”.</Text>
          )}
          {valid && <Configuration source={source} name={name} />}
        </Stack>
      </Panel>
      {watched !== undefined && <Activity key={watched} name={watched} />}
    </div>
  );
}
