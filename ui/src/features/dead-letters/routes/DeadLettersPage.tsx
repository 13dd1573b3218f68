import { Button, Group, Text } from "@mantine/core";
import { linkOptions } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cursorPaging, FIRST_PAGE } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { LiveStatus } from "@/components/LiveStatus";
import { plural } from "@/components/numbers";
import { PageHeader } from "@/components/PageHeader";
import { useSelection } from "@/components/selection";
import { useUrlState } from "@/components/urlState";
import { useLive } from "@/components/useLive";
import { type DeadLetter, lettersQuery, type Place, summaryQuery } from "../api/letters";
import { COLUMNS } from "../components/columns";
import { Groups } from "../components/Groups";
import { HandleDialog, type Order } from "../components/HandleDialog";
import { REASONS, TOPICS } from "../components/words";
import { deadLettersSearch } from "../search";

const idOf = ({ topic, partition, offset }: DeadLetter): string => `${topic}/${partition}/${offset}`;

const placeOf = (id: string): Place => {
  const [topic, partition, offset] = id.split("/");
  return { topic: topic as Place["topic"], partition: Number(partition), offset: Number(offset) };
};

/** The messages that services refused, and what to do with them. */
export function DeadLettersPage() {
  const [{ topic, reason, page }, change] = useUrlState(deadLettersSearch);
  const paging = cursorPaging(page, change);
  const live = useLive(10_000);
  const summary = useQuery({ ...summaryQuery, ...live.options });
  const query = useQuery({ ...lettersQuery({ topic, reason }, paging.cursor), ...live.options });
  const selection = useSelection();
  const [order, setOrder] = useState<Order>();
  const filtered = topic !== undefined || reason !== undefined;
  const choose = (group: { topic: string; reason: string } | undefined): void =>
    change({
      topic: TOPICS.find((each) => each === group?.topic),
      reason: REASONS.find((each) => each === group?.reason),
      ...FIRST_PAGE,
    });
  return (
    <>
      <PageHeader
        title="Dead letters"
        hint="Messages that a service could not handle. They are kept here until you replay or drop them."
        actions={<LiveStatus live={live} query={query} />}
      />
      {summary.data && summary.data.items.length > 0 && (
        <Groups
          groups={summary.data.items}
          complete={summary.data.complete}
          chosen={{ topic, reason }}
          onChoose={choose}
          onOrder={setOrder}
        />
      )}
      <SelectionBar selected={selection.selected} onOrder={setOrder} onClear={selection.clear} />
      <DataTable
        label="Dead letters"
        columns={COLUMNS}
        query={query}
        rowId={idOf}
        rowName={({ key, topic: of, offset }) => `${key ?? of} at ${offset}`}
        rowLink={({ topic: of, partition, offset }) =>
          linkOptions({
            to: "/dead-letters/$topic/$partition/$offset",
            params: { topic: of, partition: String(partition), offset: String(offset) },
          })
        }
        paging={paging}
        selection={selection}
        empty={<Nothing filtered={filtered} onAll={() => choose(undefined)} />}
      />
      <HandleDialog order={order} onClose={() => setOrder(undefined)} onDone={selection.clear} />
    </>
  );
}

interface SelectionBarProps {
  selected: ReadonlySet<string>;
  onOrder: (order: Order) => void;
  onClear: () => void;
}

function SelectionBar({ selected, onOrder, onClear }: SelectionBarProps) {
  if (selected.size === 0) return null;
  const which = { letters: [...selected].map(placeOf) };
  return (
    <Group component="section" aria-label="Selected letters" className="surface" px="md" py="xs" mb="sm" gap="sm">
      <Text size="sm" fw={600} role="status" mr="auto" className="numbers">
        {plural(selected.size, "letter")} selected
      </Text>
      <Button size="xs" variant="default" onClick={() => onOrder({ verb: "replay", which })}>
        Replay …
      </Button>
      <Button size="xs" variant="default" onClick={() => onOrder({ verb: "drop", which })}>
        Drop …
      </Button>
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear selection
      </Button>
    </Group>
  );
}

function Nothing({ filtered, onAll }: { filtered: boolean; onAll: () => void }) {
  if (!filtered) return <EmptyState title="No dead letters" hint="Every message could be handled." />;
  return (
    <EmptyState
      title="No letter waits for this reason"
      action={
        <Button variant="default" onClick={onAll}>
          Show all
        </Button>
      }
    />
  );
}
