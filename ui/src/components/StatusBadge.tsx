import IconAlertCircle from "@tabler/icons-react/icons/IconAlertCircle";
import IconBan from "@tabler/icons-react/icons/IconBan";
import IconCheck from "@tabler/icons-react/icons/IconCheck";
import IconCircleHalf2 from "@tabler/icons-react/icons/IconCircleHalf2";
import IconClock from "@tabler/icons-react/icons/IconClock";
import IconHourglassOff from "@tabler/icons-react/icons/IconHourglassOff";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import IconX from "@tabler/icons-react/icons/IconX";
import type { ComponentProps } from "react";
import { Tone } from "./Tone";

export const NOTIFICATION_STATUSES = ["FAILED", "PARTIAL", "RECEIVED", "SENT", "NO_ENDPOINT"] as const;

type Look = Pick<ComponentProps<typeof Tone>, "tone" | "icon" | "title"> & { word: string };

export const STATUS_LOOKS = {
  // A notification's.
  SENT: { tone: "good", icon: IconCheck, word: "Sent", title: "every receiver got it" },
  PARTIAL: { tone: "medium", icon: IconCircleHalf2, word: "Partly sent", title: "some receivers got it, some did not" },
  FAILED: { tone: "critical", icon: IconX, word: "Failed", title: "it did not arrive" },
  RECEIVED: { tone: "low", icon: IconClock, word: "On its way", title: "not all deliveries have ended yet" },
  NO_ENDPOINT: {
    tone: "quiet",
    icon: IconBan,
    word: "No receiver",
    title: "no rule that matched has a receiver that is on",
  },
  // A delivery's.
  DELIVERED: { tone: "good", icon: IconCheck, word: "Delivered" },
  PENDING: { tone: "low", icon: IconClock, word: "Waiting", title: "it is tried again" },
  EXPIRED: { tone: "quiet", icon: IconHourglassOff, word: "Expired", title: "it was not delivered in its time" },
  // A receiver's health.
  ok: { tone: "quiet", icon: IconCheck, word: "Not failing", title: "the last attempt did not fail, if there was one" },
  failing: { tone: "high", icon: IconAlertCircle, word: "Failing", title: "the last attempts failed" },
  open: {
    tone: "critical",
    icon: IconPlayerPause,
    word: "Paused",
    title: "it failed so often that it is left alone for a while",
  },
  disabled: { tone: "quiet", icon: IconPlayerPause, word: "Off" },
  // A job's, a service's.
  running: { tone: "low", icon: IconPlayerPlay, word: "Running" },
  done: { tone: "good", icon: IconCheck, word: "Done" },
  stopped: { tone: "quiet", icon: IconPlayerPause, word: "Stopped" },
  failed: { tone: "critical", icon: IconX, word: "Failed" },
  on: { tone: "good", icon: IconCheck, word: "On" },
  off: { tone: "quiet", icon: IconPlayerPause, word: "Off" },
} as const satisfies Record<string, Look>;

export type StatusName = keyof typeof STATUS_LOOKS;

/** A state in a word. One that is not known is shown as the API names it. */
export function StatusBadge({ value }: { value: string }) {
  if (!(value in STATUS_LOOKS)) return <Tone tone="quiet">{value}</Tone>;
  const { tone, icon, word, title }: Look = STATUS_LOOKS[value as StatusName];
  return (
    <Tone tone={tone} icon={icon} title={title}>
      {word}
    </Tone>
  );
}
