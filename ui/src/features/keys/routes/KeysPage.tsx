import { Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CreatedKey, Key } from "@/api/keys";
import { useSession } from "@/api/session";
import { ClientFilter } from "@/components/ClientFilter";
import { cursorPaging, FIRST_PAGE } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { ChoiceFilter, FilterBar } from "@/components/Filters";
import { useNow } from "@/components/now";
import { PageHeader } from "@/components/PageHeader";
import { RowMenu } from "@/components/RowMenu";
import { SecretOnce } from "@/components/SecretOnce";
import { useUrlState } from "@/components/urlState";
import { keysQuery } from "../api/listKeys";
import { columnsFor } from "../components/columns";
import { NewKey } from "../components/NewKey";
import { RevokeKey } from "../components/RevokeKey";
import { keysSearch } from "../search";

const SCOPES = [
  { value: "admin", label: "Everything" },
  { value: "ingest", label: "Send alerts" },
] as const;
const CLIENT = "client:";

/** All API keys, and what makes and ends them. */
export function KeysPage() {
  const [{ scope, page }, change] = useUrlState(keysSearch);
  const { key_id: own } = useSession();
  const now = useNow();
  const paging = cursorPaging(page, change);
  const query = useQuery(keysQuery({ scope, cursor: paging.cursor }));
  const [asking, { open, close }] = useDisclosure();
  const [created, setCreated] = useState<CreatedKey>();
  const [revoking, setRevoking] = useState<Key>();
  const filter = (wanted: string | undefined): void => change({ scope: wanted, ...FIRST_PAGE });
  return (
    <>
      <PageHeader
        title="API keys"
        hint="What people and programs prove with who they are. A key is shown once, when it is made."
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            New key
          </Button>
        }
      />
      <FilterBar {...(scope !== undefined && { onClear: () => filter(undefined) })}>
        <ChoiceFilter
          label="May do"
          choices={SCOPES}
          value={SCOPES.find(({ value }) => value === scope)?.value}
          onChange={filter}
        />
        <ClientFilter
          value={scope?.startsWith(CLIENT) ? scope.slice(CLIENT.length) : undefined}
          onChange={(id) => filter(id && `${CLIENT}${id}`)}
        />
      </FilterBar>
      <DataTable
        label="API keys"
        columns={columnsFor(own, now)}
        query={query}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        paging={paging}
        actions={(key) => key.revoked_at === null && <Actions item={key} onRevoke={setRevoking} />}
        empty={<EmptyState title="No key is like that" hint="Take a filter away to see more." />}
      />
      <NewKey opened={asking} onClose={close} onCreated={setCreated} />
      <SecretOnce secret={created?.key} onClose={() => setCreated(undefined)} title="Your new key">
        <Text size="sm">
          This is the key <strong>{created?.name}</strong>. Give it to whoever is to use it.
        </Text>
      </SecretOnce>
      <RevokeKey item={revoking} own={revoking?.id === own} onClose={() => setRevoking(undefined)} />
    </>
  );
}

function Actions({ item, onRevoke }: { item: Key; onRevoke: (key: Key) => void }) {
  return (
    <RowMenu name={item.name}>
      <Menu.Item color="red" onClick={() => onRevoke(item)}>
        Revoke …
      </Menu.Item>
    </RowMenu>
  );
}
