import { Text } from "@mantine/core";
import { plural } from "@/components/numbers";
import { absoluteTime } from "@/components/time";
import type { NotificationDetail } from "../api/getNotification";
import styles from "./Picture.module.css";
import { type Dot, type Lane, pictureOf } from "./picture";

const WORDS: Readonly<Record<Dot["kind"], string>> = { good: "Delivered", bad: "Failed", next: "Next attempt" };

/** All attempts at a glance, each receiver a line. The same is below in words, so this is a picture for who sees it. */
export function AttemptsPicture({ notification }: { notification: NotificationDetail }) {
  const { lanes, ticks, more } = pictureOf(notification);
  if (lanes.length === 0) return null;
  return (
    <figure className={styles.picture} aria-label={`${plural(lanes.length + more, "receiver")}, drawn over time`}>
      <div aria-hidden>
        {lanes.map((lane) => (
          <LaneRow key={lane.id} lane={lane} ticks={ticks} />
        ))}
        <div className={styles.lane}>
          <span />
          <div className={styles.axis}>
            <span style={{ left: 0 }}>0</span>
            {ticks.map(({ place, label }) => (
              <span key={label} style={{ left: `${place * 100}%` }}>
                {label}
              </span>
            ))}
          </div>
        </div>
      </div>
      <figcaption className={styles.legend}>
        <Mark kind="good" /> delivered <Mark kind="bad" /> failed <Mark kind="next" /> to come
        {more > 0 && (
          <Text span size="sm" c="dimmed">
            and {plural(more, "more receiver")} below
          </Text>
        )}
      </figcaption>
    </figure>
  );
}

function LaneRow({ lane, ticks }: { lane: Lane; ticks: readonly { place: number; label: string }[] }) {
  return (
    <div className={styles.lane}>
      <span className={styles.name} title={lane.shown}>
        {lane.shown}
      </span>
      <div className={styles.track}>
        {ticks.map(({ place, label }) => (
          <span key={label} className={styles.tick} style={{ left: `${place * 100}%` }} />
        ))}
        {lane.dots.map(({ place, kind, at }) => (
          <span
            key={at}
            className={styles.dot}
            style={{ left: `${place * 100}%` }}
            title={`${WORDS[kind]}, ${absoluteTime(new Date(at))}`}
          >
            <Mark kind={kind} />
          </span>
        ))}
      </div>
    </div>
  );
}

/** A shape for each, so that the colour is not needed. */
function Mark({ kind }: { kind: Dot["kind"] }) {
  return <span className={styles.mark} data-kind={kind} aria-hidden />;
}
