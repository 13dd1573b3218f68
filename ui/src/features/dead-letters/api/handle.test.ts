import { expect, test } from "vitest";
import { json, serve } from "@/test/render";
import { handleLetters } from "./handle";

const place = (offset: number) => ({ topic: "alerts.new", partition: 0, offset }) as const;

test("many letters are handled in requests of five hundred", async () => {
  const calls = serve({ "POST /api/v1/dead-letters/drop": json({ number: 500, more: false }) });
  await handleLetters("drop", { letters: Array.from({ length: 501 }, (_, offset) => place(offset)) });
  expect(calls.map(({ body }) => (body as { letters: unknown[] }).letters.length)).toEqual([500, 1]);
});

test("all of a reason are asked for until there are no more, and never beyond what was counted", async () => {
  const calls = serve({ "POST /api/v1/dead-letters/replay": json({ number: 10, more: true }) });
  const done = await handleLetters("replay", { topic: "alerts.new", reason: "undecodable", count: 25 });
  expect([done, calls.length]).toEqual([30, 3]);
});

test("it ends when others were faster", async () => {
  const calls = serve({ "POST /api/v1/dead-letters/replay": json({ number: 0, more: true }) });
  expect(await handleLetters("replay", { topic: "alerts.new", reason: "empty", count: 25 })).toBe(0);
  expect(calls).toHaveLength(1);
});
