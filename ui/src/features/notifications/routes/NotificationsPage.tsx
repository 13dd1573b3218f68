import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconSend from "@tabler/icons-react/icons/IconSend";
import { linkOptions } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { cursorPaging } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { ButtonLink } from "@/components/links";
import { useNow } from "@/components/now";
import { PageHeader } from "@/components/PageHeader";
import { useUrlState } from "@/components/urlState";
import { filterOf, isFiltered } from "../api/filter";
import { columnsFor } from "../components/columns";
import { LookedBack } from "../components/LookedBack";
import { NotificationFilters } from "../components/NotificationFilters";
import { ResendMany } from "../components/ResendMany";
import { SendAgain } from "../components/SendAgain";
import { TailBar } from "../components/TailBar";
import { useReading } from "../components/useReading";
import { useTail } from "../components/useTail";
import { notificationsSearch } from "../search";

export function NotificationsPage() {
  const { role } = useSession();
  const [search, change] = useUrlState(notificationsSearch);
  const [resending, { open, close }] = useDisclosure();
  const paging = cursorPaging(search.page, change);
  const filter = filterOf(search, useNow());
  const { reading, handlers } = useReading();
  const tail = useTail(search, filter, paging.cursor, reading);
  const { looked_back_to: lookedBack, next_cursor: next } = tail.query.data ?? {};
  return (
    <>
      <PageHeader
        title="Notifications"
        hint="What was sent to whom, the newest first, and what became of it."
        actions={
          <Button variant="default" leftSection={<IconSend size={16} aria-hidden />} onClick={open}>
            Send many again …
          </Button>
        }
      />
      <NotificationFilters search={search} change={change} />
      <TailBar tail={tail} />
      <div {...handlers}>
        <DataTable
          label="Notifications"
          columns={columnsFor(role === "admin")}
          query={tail.query}
          rowId={({ id }) => id}
          rowName={({ source, name }) => `${source} / ${name}`}
          rowLink={({ id }) => linkOptions({ to: "/notifications/$notificationId", params: { notificationId: id } })}
          paging={paging}
          actions={(row) => <SendAgain notification={row} />}
          empty={<Nothing filtered={isFiltered(search)} lookedBack={lookedBack ?? undefined} />}
        />
      </div>
      {lookedBack && next && <LookedBack to={lookedBack} onFurther={() => paging.onOlder(next)} />}
      <ResendMany opened={resending} onClose={close} filter={filter} />
    </>
  );
}

function Nothing({ filtered, lookedBack }: { filtered: boolean; lookedBack: string | undefined }) {
  if (lookedBack !== undefined) return <EmptyState title="Nothing found so far" hint="There may be older ones." />;
  if (filtered) return <EmptyState title="No notification is like this" hint="Change or clear the filters." />;
  return (
    <EmptyState
      title="Nothing was sent yet"
      hint="A notification comes to be when an alert matches a rule."
      action={
        <ButtonLink to="/try" variant="default">
          See which rules an alert matches
        </ButtonLink>
      }
    />
  );
}
