import { Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { shownAddress } from "@/components/endpoints/address";
import { SecretOnce } from "@/components/SecretOnce";
import { type CreatedRule, newSecrets } from "../api/create";

/** The signing secrets of a new rule's webhooks, one after the other; then the rule. */
export function CreatedSecrets({ created }: { created: CreatedRule | undefined }) {
  const navigate = useNavigate();
  const [place, setPlace] = useState(0);
  const secrets = created ? newSecrets(created) : [];
  const here = secrets[place];
  const next = (): void => {
    if (place + 1 < secrets.length) setPlace(place + 1);
    else if (created) void navigate({ to: "/rules/$ruleId", params: { ruleId: created.id } });
  };
  return (
    <SecretOnce
      key={here?.endpointId}
      secret={here?.secret}
      onClose={next}
      title={secrets.length > 1 ? `Signing secret ${place + 1} of ${secrets.length}` : "The signing secret"}
    >
      <Text size="sm">
        The rule is made. With this secret the receiver at {here && shownAddress("webhook", here.url)} checks that a
        webhook is from here.
      </Text>
    </SecretOnce>
  );
}
