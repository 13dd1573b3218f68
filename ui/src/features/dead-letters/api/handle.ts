import { useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Place } from "./letters";
import type { Topic } from "../components/words";

export type Verb = "replay" | "drop";

/** Those that are named, or all of a topic and a reason, as many as were counted. */
export type Which = { letters: readonly Place[] } | { topic: Topic; reason: string; count: number };

const MOST_AT_ONCE = 500;

const order = (verb: Verb, body: { letters: Place[] } | { topic: Topic; reason: string }) =>
  verb === "replay"
    ? take(api.POST("/api/v1/dead-letters/replay", { body }))
    : take(api.POST("/api/v1/dead-letters/drop", { body }));

/**
 * Replay or drop letters, in as many requests as it takes, and return how many there were.
 * No more than were counted: a letter that is refused once more comes back, and would be replayed for ever.
 */
export async function handleLetters(verb: Verb, which: Which): Promise<number> {
  if ("letters" in which) {
    let done = 0;
    for (let from = 0; from < which.letters.length; from += MOST_AT_ONCE) {
      done += (await order(verb, { letters: which.letters.slice(from, from + MOST_AT_ONCE) })).number;
    }
    return done;
  }
  const { topic, reason, count } = which;
  let done = 0;
  while (done < count) {
    const { number, more } = await order(verb, { topic, reason });
    done += number;
    if (!more || number === 0) break;
  }
  return done;
}

export function useHandleLetters(): (verb: Verb, which: Which) => Promise<number> {
  const queries = useQueryClient();
  return async (verb, which) => {
    try {
      return await handleLetters(verb, which);
    } finally {
      // Some may be done although the next request failed.
      void queries.invalidateQueries({ queryKey: ["dead-letters"] });
    }
  };
}
