import { describe, expect, it } from "vitest";
import type { Delivery, NotificationDetail } from "../api/getNotification";
import { pictureOf } from "./picture";

const RECORDED = Date.parse("2026-11-24T15:00:00Z");
const at = (seconds: number): string => new Date(RECORDED + seconds * 1000).toISOString();
const attempt = (seconds: number, error: string | null) => ({ started_at: at(seconds), error });

const delivery = (status: Delivery["status"], history: object[], next: number | null = null) =>
  ({ id: status, shown: status, status, history, next_attempt_at: next === null ? null : at(next) }) as Delivery;

const picture = (...deliveries: Delivery[]) => pictureOf({ created_at: at(0), deliveries } as NotificationDetail);

describe("pictureOf", () => {
  it("ends with the last thing known, the next attempt included", () => {
    const { lanes, ticks } = picture(
      delivery("DELIVERED", [attempt(0.1, null)]),
      delivery("PENDING", [attempt(0.1, "503"), attempt(5, "503")], 65),
    );
    expect(lanes.map(({ id }) => id)).toEqual(["PENDING", "DELIVERED"]);
    expect(lanes[0]?.dots.map(({ kind }) => kind)).toEqual(["bad", "bad", "next"]);
    expect(lanes[0]?.dots.at(-1)?.place).toBe(1);
    expect(ticks.map(({ label }) => label)).toEqual(["1 s", "10 s", "1 min"]);
  });

  it("keeps what is before the beginning within, such as by another clock", () => {
    expect(picture(delivery("DELIVERED", [attempt(-2, null)])).lanes[0]?.dots[0]?.place).toBe(0);
  });

  it("draws a few only, and says how many more there are", () => {
    const many = Array.from({ length: 11 }, () => delivery("FAILED", [attempt(1, "500")]));
    const { lanes, more } = picture(...many);
    expect([lanes.length, more]).toEqual([8, 3]);
  });
});
