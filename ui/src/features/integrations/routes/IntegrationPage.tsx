import { Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { integrationQuery } from "../api/integrations";
import { Activity } from "../components/Activity";
import { Configuration } from "../components/Configuration";
import styles from "../components/Integrations.module.css";
import { Settings } from "../components/Settings";
import { SOURCE_IDS, SOURCE_NAMES, type SourceId, sourceOf } from "../components/sourceNames";

const CHOICES = SOURCE_IDS.map((value) => ({ value, label: SOURCE_NAMES[value].title }));

/** One integration: what comes, what was refused, and how it is connected. */
export function IntegrationPage() {
  const { integration: name = "" } = useParams({ strict: false });
  const { data } = useQuery(integrationQuery(name));
  const [chosen, setChosen] = useState<SourceId>();
  const source = chosen ?? sourceOf(name, data?.format);
  return (
    <>
      <PageHeader title={name} hint="An integration: one sender of alerts, or several that belong together." />
      <div className={styles.columns}>
        <Activity name={name} />
        <Stack gap="md">
          {data && (
            <Panel title="How its labels are read">
              <Settings settings={data.settings} />
            </Panel>
          )}
          <Panel title="Configuration">
            <Stack gap="md">
              <Select
                label="Source"
                data={CHOICES}
                value={source}
                allowDeselect={false}
                onChange={(value) => setChosen(value ?? undefined)}
              />
              <Configuration source={source} name={name} />
            </Stack>
          </Panel>
        </Stack>
      </div>
    </>
  );
}
