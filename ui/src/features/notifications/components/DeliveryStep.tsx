import { Text } from "@mantine/core";
import IconBrandSlack from "@tabler/icons-react/icons/IconBrandSlack";
import IconMail from "@tabler/icons-react/icons/IconMail";
import IconSend from "@tabler/icons-react/icons/IconSend";
import IconWebhook from "@tabler/icons-react/icons/IconWebhook";
import { AnchorLink } from "@/components/links";
import { StatusBadge } from "@/components/StatusBadge";
import type { ToneName } from "@/components/Tone";
import type { Delivery } from "../api/getNotification";
import { Attempts } from "./Attempts";
import { explainDelivery } from "./explain";
import { NextTry } from "./NextTry";
import { Step } from "./Step";

const ICONS = { email: IconMail, slack: IconBrandSlack, webhook: IconWebhook };
const TONES: Readonly<Record<Delivery["status"], ToneName>> = {
  DELIVERED: "good",
  FAILED: "critical",
  PENDING: "low",
  EXPIRED: "quiet",
};

/** What was sent to one receiver, with each attempt. */
export function DeliveryStep({ delivery, since }: { delivery: Delivery; since: string }) {
  const { type, shown, status, endpoint_id: endpointId } = delivery;
  const meaning = explainDelivery(delivery);
  return (
    <Step
      icon={type in ICONS ? ICONS[type as keyof typeof ICONS] : IconSend}
      tone={TONES[status]}
      title={
        <>
          <AnchorLink to="/endpoints/$endpointId" params={{ endpointId }} inherit>
            {shown}
          </AnchorLink>
          <StatusBadge value={status} />
        </>
      }
    >
      {meaning !== undefined && <Text size="sm">{meaning}</Text>}
      <Attempts delivery={delivery} since={since} />
      {status === "PENDING" && <NextTry delivery={delivery} />}
    </Step>
  );
}
