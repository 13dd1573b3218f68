import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { ButtonLink } from "@/components/links";
import type { Rule } from "../api/rules";
import { useRuleDeletion } from "./useRuleDeletion";
import { useSwitchRules } from "./useSwitchRules";

/** Turn it on or off, make another like it, or delete it. */
export function RuleActions({ rule }: { rule: Rule }) {
  const { id, enabled } = rule;
  const toggle = useSwitchRules();
  const remove = useRuleDeletion();
  const navigate = useNavigate();
  const onDelete = (): void => {
    remove([rule]);
    void navigate({ to: "/rules", ignoreBlocker: true });
  };
  return (
    <>
      <Button
        variant="default"
        loading={toggle.isPending}
        onClick={() => toggle.mutate({ rules: [rule], enabled: !enabled })}
      >
        {enabled ? "Turn off" : "Turn on"}
      </Button>
      <ButtonLink variant="default" to="/rules/new" search={{ copy_of: id }}>
        Duplicate
      </ButtonLink>
      <Button variant="default" onClick={onDelete}>
        Delete
      </Button>
    </>
  );
}
