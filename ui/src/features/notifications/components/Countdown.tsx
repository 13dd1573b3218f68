import { useNow } from "@/components/now";
import { absoluteTime, duration } from "@/components/time";

/** How long until a moment, second by second. */
export function Countdown({ at }: { at: string }) {
  const moment = new Date(at);
  const left = moment.getTime() - useNow().getTime();
  return (
    <time dateTime={at} title={absoluteTime(moment)} className="numbers">
      {left < 1000 ? "now" : `in ${duration(Math.max(Math.round(left / 1000) * 1000, 1000)).replace(".0 s", " s")}`}
    </time>
  );
}
