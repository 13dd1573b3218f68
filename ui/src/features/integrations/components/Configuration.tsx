import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deploymentQuery } from "@/api/deployment";
import { CodeBlock } from "@/components/CopyField";
import { QueryState } from "@/components/QueryState";
import { NO_KEY, stepsFor } from "./configuration";
import styles from "./Integrations.module.css";
import { OwnKey } from "./OwnKey";
import type { SourceId } from "./sourceNames";

interface ConfigurationProps {
  source: SourceId;
  name: string;
}

/** The key, and what to write where; the key is kept nowhere but here, and gone with the page. */
export function Configuration({ source, name }: ConfigurationProps) {
  const deployment = useQuery(deploymentQuery);
  const [secret, setSecret] = useState<string>();
  return (
    <Stack gap="md">
      <OwnKey name={name} secret={secret} onSecret={setSecret} />
      <QueryState query={deployment} what="the address to send to">
        {({ ingest_url: url }) => (
          <ol className={styles.steps}>
            {stepsFor(source, { url, name, key: secret ?? NO_KEY }).map(({ title, hint, code }) => (
              <li key={title}>
                <Text fw={600} size="sm">
                  {title}
                </Text>
                {hint !== undefined && (
                  <Text size="sm" c="dimmed">
                    {hint}
                  </Text>
                )}
                <Stack mt={6}>
                  <CodeBlock value={code} label={title.toLowerCase()} />
                </Stack>
              </li>
            ))}
          </ol>
        )}
      </QueryState>
    </Stack>
  );
}
