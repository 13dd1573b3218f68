import { ActionIcon, Menu } from "@mantine/core";
import IconDots from "@tabler/icons-react/icons/IconDots";
import type { ReactNode } from "react";

interface RowMenuProps {
  /** What it acts on, for those who do not see the row. */
  name: string;
  /** `<Menu.Item>`s. */
  children: ReactNode;
}

/** What one can do with a row, behind three dots. */
export function RowMenu({ name, children }: RowMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
