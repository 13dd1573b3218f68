/** Where things are in the picture of a notification: time goes to the right, ever faster, as retries do. */

import type { NotificationDetail } from "../api/getNotification";
import { byAttention } from "./order";

export interface Dot {
  /** 0 to 1. */
  place: number;
  kind: "good" | "bad" | "next";
  at: string;
}

export interface Lane {
  id: string;
  shown: string;
  dots: Dot[];
}

export interface Picture {
  lanes: Lane[];
  ticks: { place: number; label: string }[];
  more: number;
}

const MOST_LANES = 8;
const SECOND = 1_000;
const TICKS = [
  [SECOND, "1 s"],
  [10 * SECOND, "10 s"],
  [60 * SECOND, "1 min"],
  [600 * SECOND, "10 min"],
  [3_600 * SECOND, "1 h"],
  [6 * 3_600 * SECOND, "6 h"],
  [24 * 3_600 * SECOND, "1 day"],
  [7 * 24 * 3_600 * SECOND, "1 week"],
] as const;

/** The first half second is as wide as each doubling after it. */
const stretched = (milliseconds: number): number => Math.log1p(Math.max(milliseconds, 0) / (SECOND / 2));

export function pictureOf({ created_at: recorded, deliveries }: NotificationDetail): Picture {
  const since = Date.parse(recorded);
  const lanes = byAttention(deliveries).slice(0, MOST_LANES);
  const attempts = lanes.flatMap(({ history }) => history.map(({ started_at: at }) => at));
  const coming = lanes.flatMap(({ next_attempt_at: at }) => at ?? []);
  const last = Math.max(SECOND, ...[...attempts, ...coming].map((at) => Date.parse(at) - since));
  const width = stretched(last);
  const dot = (at: string, kind: Dot["kind"]): Dot => ({ place: stretched(Date.parse(at) - since) / width, kind, at });
  return {
    lanes: lanes.map(({ id, shown, history, next_attempt_at: next }) => ({
      id,
      shown,
      dots: [
        ...history.map(({ started_at: at, error }) => dot(at, error === null ? "good" : "bad")),
        ...(next === null ? [] : [dot(next, "next")]),
      ],
    })),
    ticks: TICKS.filter(([at]) => at <= last).map(([at, label]) => ({ place: stretched(at) / width, label })),
    more: deliveries.length - lanes.length,
  };
}
