import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { Tone } from "@/components/Tone";
import { letterQuery, type Place } from "../api/letters";
import { HandleDialog, type Order } from "../components/HandleDialog";
import { Letter } from "../components/Letter";
import { reasonInWords, type Topic, topicInWords } from "../components/words";

/** One dead letter. */
export function DeadLetterPage() {
  const { topic = "", partition = "", offset = "" } = useParams({ strict: false });
  const place: Place = { topic: topic as Topic, partition: Number(partition), offset: Number(offset) };
  const query = useQuery(letterQuery(place));
  const [order, setOrder] = useState<Order>();
  const waits = query.data?.action === null;
  const which = { letters: [place] };
  return (
    <>
      <PageHeader
        title={query.data ? reasonInWords(query.data.reason).word : "Dead letter"}
        hint={topicInWords(topic)}
        aside={query.data?.action && <Tone tone="quiet">{DONE[query.data.action.action]}</Tone>}
        actions={
          waits && (
            <>
              <Button onClick={() => setOrder({ verb: "replay", which })}>Replay …</Button>
              <Button variant="default" onClick={() => setOrder({ verb: "drop", which })}>
                Drop …
              </Button>
            </>
          )
        }
      />
      <QueryState query={query} what="the dead letter">
        {(letter) => <Letter letter={letter} />}
      </QueryState>
      <HandleDialog order={order} onClose={() => setOrder(undefined)} />
    </>
  );
}

const DONE = { REPLAYED: "Replayed", DROPPED: "Dropped" } as const;
