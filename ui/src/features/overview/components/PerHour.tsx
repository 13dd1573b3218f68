import { SegmentedControl, SimpleGrid, Skeleton, Text } from "@mantine/core";
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

/** The notifications of the last day, by what became of them and by how severe they are. */
export function PerHour({ figures }: { figures: NotificationFigures }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <HourPanel figures={figures} cut="status" />
      <HourPanel figures={figures} cut="severity" />
    </SimpleGrid>
  );
}

function HourPanel({ figures, cut }: { figures: NotificationFigures; cut: Cut }) {
  const [shown, setShown] = useState("chart");
  const title = `Notifications per hour, by ${cut}`;
  const props = { label: title, series: seriesOf(figures, cut), hours: hoursOf(figures, cut) };
  return (
    <Panel
      title={title}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={`${title}: show as`}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={shown}
          onChange={setShown}
        />
      }
    >
      <Totals figures={figures} cut={cut} />
      {figures.notifications === 0 ? (
        <Text c="dimmed" py="xl" ta="center">
          There were none in the last 24 hours.
        </Text>
      ) : shown === "table" ? (
        <HourTable {...props} />
      ) : (
        <Suspense fallback={<Skeleton h={220} />}>
          <HourChart {...props} />
        </Suspense>
      )}
    </Panel>
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
