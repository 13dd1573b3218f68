import { Menu } from "@mantine/core";
import IconCopy from "@tabler/icons-react/icons/IconCopy";
import IconPencil from "@tabler/icons-react/icons/IconPencil";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import IconTrash from "@tabler/icons-react/icons/IconTrash";
import { useNavigate } from "@tanstack/react-router";
import { RowMenu } from "@/components/RowMenu";
import type { Rule } from "../api/rules";
import { titleOf } from "./sentence";
import { useRuleDeletion } from "./useRuleDeletion";
import { useSwitchRules } from "./useSwitchRules";

/** What one can do with a rule of the list. */
export function RuleMenu({ rule }: { rule: Rule }) {
  const { id, enabled } = rule;
  const toggle = useSwitchRules();
  const remove = useRuleDeletion();
  const navigate = useNavigate();
  const Icon = enabled ? IconPlayerPause : IconPlayerPlay;
  return (
    <RowMenu name={titleOf(rule)}>
      <Menu.Item
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={() => void navigate({ to: "/rules/$ruleId", params: { ruleId: id }, search: { tab: "edit" } })}
      >
        Edit
      </Menu.Item>
      <Menu.Item
        leftSection={<Icon size={16} aria-hidden />}
        onClick={() => toggle.mutate({ rules: [rule], enabled: !enabled })}
      >
        {enabled ? "Turn off" : "Turn on"}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconCopy size={16} aria-hidden />}
        onClick={() => void navigate({ to: "/rules/new", search: { copy_of: id } })}
      >
        Duplicate
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove([rule])}>
        Delete
      </Menu.Item>
    </RowMenu>
  );
}
