/** What comes of sending again: when, and what has to wait for its receiver. */

import type { components } from "@/api/schema/rule-service";
import { formatNumber, plural } from "@/components/numbers";
import { clockTime } from "@/components/time";

type Resent = components["schemas"]["Resent"];

/** A sentence or two; `of` says what the deliveries are of. */
export function resentInWords({ deliveries, held_back: held, held_back_until: until }: Resent, of = ""): string {
  const said = `${plural(deliveries, "delivery", "deliveries")}${of} will be sent again.`;
  if (held === 0 || until === null) return said;
  const receivers = held === 1 ? "its receiver is" : "their receivers are";
  const time = clockTime(new Date(until));
  return `${said} ${whichOf(held, deliveries)} until ${time}: ${receivers} left alone, because so much failed there.`;
}

function whichOf(held: number, all: number): string {
  if (held < all) return `${formatNumber(held)} of them ${held === 1 ? "waits" : "wait"}`;
  return all === 1 ? "It waits" : "They wait";
}
