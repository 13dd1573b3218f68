import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DeferredDeletions, type Deletion, UNDO_MILLISECONDS } from "./deferredDeletions";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const succeeding = () => vi.fn<Deletion["run"]>(() => Promise.resolve());

test("a deletion is sent when its time is up, and not before", async () => {
  const deletions = new DeferredDeletions();
  const run = succeeding();
  deletions.defer({ key: "rule:1", run });
  await vi.advanceTimersByTimeAsync(UNDO_MILLISECONDS - 1);
  expect(run).not.toHaveBeenCalled();
  expect([...deletions.keys()]).toEqual(["rule:1"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledExactlyOnceWith({ keepalive: false });
  expect([...deletions.keys()]).toEqual([]);
});

test("a deletion that was undone is never sent", async () => {
  const deletions = new DeferredDeletions();
  const run = succeeding();
  deletions.defer({ key: "rule:1", run });
  expect(deletions.undo("rule:1")).toBe(true);
  expect(deletions.keys().size).toBe(0);
  await vi.advanceTimersByTimeAsync(2 * UNDO_MILLISECONDS);
  deletions.flush();
  expect(run).not.toHaveBeenCalled();
});

test("a page that is left sends all that waits, once, with requests that outlive it", async () => {
  const deletions = new DeferredDeletions();
  const [one, two] = [succeeding(), succeeding()];
  deletions.defer({ key: "rule:1", run: one });
  deletions.defer({ key: "rule:2", run: two });
  deletions.flush();
  deletions.flush();
  await vi.advanceTimersByTimeAsync(2 * UNDO_MILLISECONDS);
  expect(one).toHaveBeenCalledExactlyOnceWith({ keepalive: true });
  expect(two).toHaveBeenCalledExactlyOnceWith({ keepalive: true });
});

test("what is on its way cannot be undone, and is still hidden", async () => {
  const deletions = new DeferredDeletions();
  let finish: () => void = () => undefined;
  deletions.defer({ key: "rule:1", run: () => new Promise<void>((resolve) => (finish = resolve)) });
  await vi.advanceTimersByTimeAsync(UNDO_MILLISECONDS);
  expect(deletions.undo("rule:1")).toBe(false);
  expect(deletions.keys().has("rule:1")).toBe(true);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(deletions.keys().has("rule:1")).toBe(false);
});

test("a deletion that fails shows the row again, and says why", async () => {
  const deletions = new DeferredDeletions();
  const onError = vi.fn();
  const onDone = vi.fn();
  const failure = new Error("no");
  deletions.defer({ key: "rule:1", run: () => Promise.reject(failure), onDone, onError });
  await vi.advanceTimersByTimeAsync(UNDO_MILLISECONDS);
  expect(onError).toHaveBeenCalledExactlyOnceWith(failure);
  expect(onDone).not.toHaveBeenCalled();
  expect(deletions.keys().size).toBe(0);
});

test("the same thing is deleted once", async () => {
  const deletions = new DeferredDeletions();
  const run = succeeding();
  deletions.defer({ key: "rule:1", run });
  deletions.defer({ key: "rule:1", run });
  await vi.advanceTimersByTimeAsync(2 * UNDO_MILLISECONDS);
  expect(run).toHaveBeenCalledOnce();
});

test("the set of keys is another one only when it has changed", () => {
  const deletions = new DeferredDeletions();
  const listener = vi.fn();
  const stop = deletions.subscribe(listener);
  const before = deletions.keys();
  expect(deletions.keys()).toBe(before);
  deletions.defer({ key: "rule:1", run: succeeding() });
  expect(deletions.keys()).not.toBe(before);
  expect(listener).toHaveBeenCalledOnce();
  stop();
  deletions.undo("rule:1");
  expect(listener).toHaveBeenCalledOnce();
});

test("several things that go together are all listed, and undone at once", () => {
  const deletions = new DeferredDeletions();
  deletions.defer({ key: "rules:1,2", all: ["rule:1", "rule:2"], run: succeeding() });
  expect([...deletions.keys()]).toEqual(["rules:1,2", "rule:1", "rule:2"]);
  expect(deletions.undo("rules:1,2")).toBe(true);
  expect(deletions.keys().size).toBe(0);
});
