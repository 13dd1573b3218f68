import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { ButtonLink } from "@/components/links";
import type { TriedAlert } from "../api/matchAlert";

interface MakeRuleProps {
  alert: TriedAlert;
  /** Whether it is what one will most likely want now. */
  primary?: boolean;
}

/** The form of a new rule, with the alert's fields in it. */
export function MakeRule({ alert, primary = false }: MakeRuleProps) {
  return (
    <ButtonLink
      to="/rules/new"
      search={alert}
      variant={primary ? "filled" : "default"}
      leftSection={<IconPlus size={16} aria-hidden />}
      mt="md"
    >
      Make a rule for this alert
    </ButtonLink>
  );
}
