import { expect, it } from "vitest";
import { ApiError } from "@/api/problem";
import { forEach } from "./several";

it("does it for each, once", async () => {
  const done: number[] = [];
  const items = Array.from({ length: 30 }, (_, place) => place);
  await forEach(items, async (item) => {
    await Promise.resolve();
    done.push(item);
  });
  expect(done.sort((left, right) => left - right)).toEqual(items);
});

it("goes on when some fail, and says how many and why", async () => {
  const done: number[] = [];
  const deed = (item: number): Promise<unknown> => {
    if (item % 2 === 1) return Promise.reject(new ApiError(412, "Somebody changed it."));
    done.push(item);
    return Promise.resolve();
  };
  await expect(forEach([0, 1, 2, 3, 4], deed)).rejects.toMatchObject({
    status: 412,
    detail: "2 of 5 could not be changed. Somebody changed it.",
  });
  expect(done).toEqual([0, 2, 4]);
});
