/**
 * Deletions that can be taken back: each waits a while before it is sent. Until then it is listed here, so that its row
 * can be struck out; a page that is left sends what waits at once.
 */

export interface Deletion {
  /** Names the thing that goes: `rule:018f…`. */
  key: string;
  /** The keys of all that goes, when it is several things under one name. */
  all?: readonly string[];
  /** Sends it. `keepalive` lets the request outlive the page. */
  run: (init: { keepalive: boolean }) => Promise<unknown>;
  onDone?: () => void;
  onError?: (error: unknown) => void;
}

export const UNDO_MILLISECONDS = 8000;

export class DeferredDeletions {
  #waiting = new Map<string, { deletion: Deletion; timer: ReturnType<typeof setTimeout> | undefined }>();
  #keys: ReadonlySet<string> = new Set();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly delay = UNDO_MILLISECONDS) {}

  /** Delete later, unless undone. */
  defer(deletion: Deletion): void {
    if (this.#waiting.has(deletion.key)) return;
    const timer = setTimeout(() => void this.#send(deletion.key, false), this.delay);
    this.#waiting.set(deletion.key, { deletion, timer });
    this.#changed();
  }

  /** Take a deletion back; false when it was sent already. */
  undo(key: string): boolean {
    const waiting = this.#waiting.get(key);
    if (waiting?.timer === undefined) return false;
    clearTimeout(waiting.timer);
    this.#waiting.delete(key);
    this.#changed();
    return true;
  }

  /** Send all that waits: the page goes away. */
  flush(): void {
    for (const key of [...this.#waiting.keys()]) void this.#send(key, true);
  }

  /** What waits or is on its way, the same set until that changes. */
  readonly keys = (): ReadonlySet<string> => this.#keys;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #send(key: string, keepalive: boolean): Promise<void> {
    const waiting = this.#waiting.get(key);
    if (waiting?.timer === undefined) return;
    clearTimeout(waiting.timer);
    waiting.timer = undefined;
    try {
      await waiting.deletion.run({ keepalive });
      waiting.deletion.onDone?.();
    } catch (error) {
      waiting.deletion.onError?.(error);
    } finally {
      this.#waiting.delete(key);
      this.#changed();
    }
  }

  #changed(): void {
    this.#keys = new Set([...this.#waiting.values()].flatMap(({ deletion: { key, all } }) => [key, ...(all ?? [])]));
    for (const listener of this.#listeners) listener();
  }
}
