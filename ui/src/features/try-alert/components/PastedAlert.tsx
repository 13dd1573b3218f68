import { Button, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { describeError } from "@/api/problem";
import { FormError } from "@/components/FormError";
import { plural } from "@/components/numbers";
import { DEFAULT_INTEGRATION } from "../api/integrationNames";
import { type PreviewAlert, usePreview } from "../api/previewAlert";
import type { TrySearch } from "../search";
import { PreviewedAlerts } from "./PreviewedAlerts";
import { ReadAs } from "./ReadAs";
import { Rejects } from "./Rejects";

const EXAMPLE = `{
  "labels": {
    "alertname": "HighErrorRate",
    "severity": "critical",
    "job": "checkout"
  }
}`;

interface PastedAlertProps {
  /** The one that is tried now. */
  chosen: TrySearch;
  onChoose: (alert: PreviewAlert) => void;
}

/** An alert as another system sends it; read by ingest, which then sends nothing. */
export function PastedAlert({ chosen, onChoose }: PastedAlertProps) {
  const [text, setText] = useState("");
  const [integration, setIntegration] = useState(DEFAULT_INTEGRATION);
  const [missing, setMissing] = useState(false);
  const preview = usePreview();
  const read = (): void => {
    setMissing(text.trim() === "");
    if (text.trim() === "") return;
    preview.mutate(
      { text, integration },
      {
        onSuccess: ({ alerts }) => {
          const [only] = alerts;
          if (alerts.length === 1 && only?.firing) onChoose(only);
        },
      },
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        read();
      }}
    >
      <Stack gap="md">
        <Textarea
          label="Alert as JSON"
          description="Of Prometheus, Alertmanager or Grafana, or of our own format; one or several, or a whole webhook."
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={missing ? "Paste an alert first." : undefined}
          rows={10}
          resize="vertical"
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem" } }}
        />
        <ReadAs value={integration} onChange={setIntegration} />
        <Button type="submit" loading={preview.isPending}>
          Read it
        </Button>
        <FormError>{preview.isError ? describeError(preview.error) : undefined}</FormError>
        {preview.data && (
          <Stack gap="sm" role="status">
            <Text size="sm" fw={600}>
              {preview.data.accepted === 0
                ? "There is no alert in it that would be accepted."
                : `${plural(preview.data.accepted, "alert")} would be accepted:`}
            </Text>
            <PreviewedAlerts alerts={preview.data.alerts} chosen={chosen} onChoose={onChoose} />
            <Rejects rejects={preview.data.rejects} />
          </Stack>
        )}
      </Stack>
    </form>
  );
}
