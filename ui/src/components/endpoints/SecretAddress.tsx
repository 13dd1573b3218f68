import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import IconEye from "@tabler/icons-react/icons/IconEye";
import IconEyeOff from "@tabler/icons-react/icons/IconEyeOff";
import { useState } from "react";
import { CopyIcon } from "../CopyField";
import { shownAddress } from "./address";
import type { EndpointType } from "./types";

/** An address, whose secret part is shown when one asks for it. */
export function SecretAddress({ type, value }: { type: EndpointType; value: string }) {
  const [open, setOpen] = useState(false);
  const shown = shownAddress(type, value);
  const label = open ? "Hide the whole address" : "Show the whole address";
  const Icon = open ? IconEyeOff : IconEye;
  return (
    <Group gap={4} wrap="nowrap">
      <Text ff={type === "email" ? undefined : "monospace"} size="sm" style={{ overflowWrap: "anywhere" }}>
        {open ? value : shown}
      </Text>
      {shown !== value && (
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setOpen(!open)}>
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <CopyIcon value={value} label="the address" />
    </Group>
  );
}
