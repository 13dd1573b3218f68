import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "@/api/problem";
import { plural } from "@/components/numbers";
import { switchRule } from "../api/rule";
import type { Rule } from "../api/rules";
import { forEach } from "./several";

interface Switch {
  rules: readonly Rule[];
  enabled: boolean;
}

/** Turn rules on or off. */
export function useSwitchRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ rules, enabled }: Switch) => {
      const [only] = rules;
      if (rules.length === 1 && only) return switchRule(only, enabled);
      return forEach(rules, (rule) => switchRule(rule, enabled));
    },
    onSuccess: (_done, { rules, enabled }) => {
      const message = `${plural(rules.length, "rule")} ${rules.length === 1 ? "is" : "are"} ${enabled ? "on" : "off"}.`;
      if (rules.length > 1) notifications.show({ message });
    },
    onError: (error, { enabled }) => {
      notifications.show({
        color: "red",
        title: `Not everything is ${enabled ? "on" : "off"}`,
        message: describeError(error),
        autoClose: false,
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["rules"] }),
  });
}
