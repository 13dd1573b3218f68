import { Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { AnchorLink } from "@/components/links";
import { formatNumber } from "@/components/numbers";
import { Panel } from "@/components/Panel";
import type { NotificationFigures } from "@/components/platform/queries";
import { type Cut, hoursOf, seriesOf } from "./hours";
import { HourTable } from "./HourTable";
import styles from "./PerHour.module.css";

// Charts are heavy; the figures that matter most do not wait for them.
const HourChart = lazy(async () => ({ default: (await import("./HourChart")).HourChart }));

const TITLE = "Notifications per hour";
const CUTS: { value: Cut; label: string }[] = [
  { value: "status", label: "By status" },
  { value: "severity", label: "By severity" },
];
type Look = "chart" | "table";
const LOOKS: { value: Look; label: string }[] = [
  { value: "chart", label: "Chart" },
  { value: "table", label: "Table" },
];

/** The notifications of the last day, by what became of them or by how severe they are. */
export function PerHour({ figures }: { figures: NotificationFigures }) {
  const [cut, setCut] = useState<Cut>("status");
  const [look, setLook] = useState<Look>("chart");
  const controls = (
    <Group gap="xs">
      <SegmentedControl size="xs" aria-label={`${TITLE}: divided`} data={CUTS} value={cut} onChange={setCut} />
      <SegmentedControl size="xs" aria-label={`${TITLE}: show as`} data={LOOKS} value={look} onChange={setLook} />
    </Group>
  );
  return (
    <Panel title={TITLE} aside={controls}>
      <Totals figures={figures} cut={cut} />
      {figures.notifications === 0 ? (
        <Text c="dimmed" py="xl" ta="center">
          There were none in the last 24 hours.
        </Text>
      ) : (
        <Hours figures={figures} cut={cut} look={look} />
      )}
    </Panel>
  );
}

function Hours({ figures, cut, look }: { figures: NotificationFigures; cut: Cut; look: Look }) {
  const props = { label: `${TITLE}, by ${cut}`, series: seriesOf(figures, cut), hours: hoursOf(figures, cut) };
  if (look === "table") return <HourTable {...props} />;
  return (
    <Suspense fallback={<Skeleton h={170} />}>
      <HourChart {...props} />
    </Suspense>
  );
}

/** The sums, which are the chart's legend, too; each leads to its list. */
function Totals({ figures, cut }: { figures: NotificationFigures; cut: Cut }) {
  const series = seriesOf(figures, cut).reverse();
  return (
    <ul className={styles.totals} aria-label={`Notifications of the last 24 hours, by ${cut}`}>
      <li>
        <AnchorLink to="/notifications" search={{ from: figures.since }} className={styles.total}>
          <strong className="numbers">{formatNumber(figures.notifications)}</strong> in 24 h
        </AnchorLink>
      </li>
      {series.map(({ value, word, color, total, search }) => (
        <li key={value}>
          <AnchorLink to="/notifications" search={{ ...search, from: figures.since }} className={styles.total}>
            <span className={styles.swatch} style={{ background: color }} aria-hidden />
            {word} <strong className="numbers">{formatNumber(total)}</strong>
          </AnchorLink>
        </li>
      ))}
    </ul>
  );
}
