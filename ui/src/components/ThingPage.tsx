import { Tabs } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { PageHeader } from "./PageHeader";
import { QueryState } from "./QueryState";
import { thingSearch } from "./thingSearch";
import { useUrlState } from "./urlState";

interface ThingPageProps<Thing> {
  query: UseQueryResult<Thing>;
  /** What it is, as long as nothing else is known of it: `Rule`. */
  title: string;
  children: (thing: Thing) => ReactNode;
}

/** The page of one thing, with all states that it can be in. */
export function ThingPage<Thing extends { id: string }>({ query, title, children }: ThingPageProps<Thing>) {
  return (
    <>
      {query.data === undefined && <PageHeader title={title} />}
      <QueryState query={query} what={`the ${title.toLowerCase()}`}>
        {(thing) => <Fragment key={thing.id}>{children(thing)}</Fragment>}
      </QueryState>
    </>
  );
}

interface ThingTabsProps {
  overview: ReactNode;
  /** What to call when it is over: saved, or given up on purpose. */
  edit: (onDone: () => void) => ReactNode;
  history: ReactNode;
}

/** How a thing is, the form to change it, and who did; the address says which of them is shown. */
export function ThingTabs({ overview, edit, history }: ThingTabsProps) {
  const [{ tab }, change] = useUrlState(thingSearch);
  const open = (wanted: string | null): void =>
    change({ tab: wanted === "edit" || wanted === "history" ? wanted : undefined });
  const onDone = (): void => change({ tab: undefined }, { ignoreBlocker: true });
  return (
    <Tabs value={tab ?? "overview"} onChange={open} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="overview">Overview</Tabs.Tab>
        <Tabs.Tab value="edit">Edit</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="overview">{overview}</Tabs.Panel>
      <Tabs.Panel value="edit">{edit(onDone)}</Tabs.Panel>
      <Tabs.Panel value="history">{history}</Tabs.Panel>
    </Tabs>
  );
}
