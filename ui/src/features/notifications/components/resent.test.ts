import { expect, test } from "vitest";
import { clockTime } from "@/components/time";
import { resentInWords } from "./resent";

const UNTIL = "2026-03-01T10:00:30Z";
const AT = clockTime(new Date(UNTIL));

const resent = (deliveries: number, held = 0) => ({
  notifications: 1,
  deliveries,
  held_back: held,
  held_back_until: held === 0 ? null : UNTIL,
});

test.each([
  [resent(1), "1 delivery will be sent again."],
  [resent(2), "2 deliveries will be sent again."],
  [
    resent(1, 1),
    `1 delivery will be sent again. It waits until ${AT}: its receiver is left alone, because so much failed there.`,
  ],
  [
    resent(3, 1),
    `3 deliveries will be sent again. 1 of them waits until ${AT}: its receiver is left alone, because so much failed there.`,
  ],
  [
    resent(3, 3),
    `3 deliveries will be sent again. They wait until ${AT}: their receivers are left alone, because so much failed there.`,
  ],
])("what waits is not said to be sent: %j", (answer, words) => expect(resentInWords(answer)).toBe(words));
