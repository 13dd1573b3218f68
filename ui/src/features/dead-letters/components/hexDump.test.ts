import { expect, test } from "vitest";
import { hexDump } from "./hexDump";

test("bytes stand in lines of sixteen, with what is text beside them", () => {
  const { text, left } = hexDump("68656c6c6f00".padEnd(34, "ff"));
  const [first, second] = text.split("\n");
  expect(first).toBe("0000  68 65 6c 6c 6f 00 ff ff ff ff ff ff ff ff ff ff  hello···········");
  expect(second?.startsWith("0010  ff ")).toBe(true);
  expect(left).toBe(0);
});

test("what is long is cut, and says by how much", () => {
  expect(hexDump("00".repeat(40), 32).left).toBe(8);
  expect(hexDump("")).toEqual({ text: "", left: 0 });
});
