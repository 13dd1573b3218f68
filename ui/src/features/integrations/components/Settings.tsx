import { Facts } from "@/components/Facts";
import { Severity, SEVERITY_LOOKS } from "@/components/Severity";
import type { IntegrationDetail } from "../api/integrations";

const words = (list: readonly string[]): string => (list.length > 0 ? list.join(", ") : "none");

/** How the labels of this integration's alerts are read; a deployment sets it. */
export function Settings({ settings }: Pick<IntegrationDetail, "settings">) {
  const map = Object.entries(settings.severity_map);
  return (
    <Facts
      facts={[
        { title: "Name from", value: settings.name_label },
        { title: "Source from", value: `the first of ${words(settings.source_labels)}` },
        { title: "Without these", value: settings.default_source ?? "the integration’s name" },
        { title: "Severity from", value: `the first of ${words(settings.severity_labels)}` },
        { title: "Without those", value: <Severity value={settings.default_severity} /> },
        { title: "Left aside", value: words(settings.drop_labels) },
        map.length > 0 && {
          title: "Further words",
          value: map.map(([word, severity]) => `${word} = ${SEVERITY_LOOKS[severity].word}`).join(", "),
        },
      ]}
    />
  );
}
