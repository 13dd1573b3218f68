import { Button, Group, Text } from "@mantine/core";
import IconChevronLeft from "@tabler/icons-react/icons/IconChevronLeft";
import IconChevronRight from "@tabler/icons-react/icons/IconChevronRight";
import type { CursorPaging } from "./cursorPaging";
import { plural } from "./numbers";
import type { Page } from "./tableTypes";

interface PagerProps {
  paging: CursorPaging;
  page: Page<unknown>;
  loading: boolean;
}

/** The way between pages; nothing when there is one only. */
export function Pager({ paging, page, loading }: PagerProps) {
  const { next_cursor: next, items } = page;
  if (paging.number === 1 && next === null) return null;
  return (
    <Group component="nav" aria-label="Pages of the list" justify="space-between" mt="sm">
      <Text size="sm" c="dimmed" role="status">
        Page {paging.number}, {plural(items.length, "row")}
      </Text>
      <Group gap="xs">
        {paging.number > 2 && (
          <Button size="xs" variant="subtle" onClick={paging.onFirst}>
            First page
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconChevronLeft size={14} aria-hidden />}
          disabled={paging.number === 1}
          onClick={paging.onNewer}
        >
          Previous
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconChevronRight size={14} aria-hidden />}
          disabled={next === null || loading}
          onClick={() => next !== null && paging.onOlder(next)}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
