import type { Key } from "@/api/keys";

export type KeyState = "valid" | "expired" | "revoked";

/** Whether a key opens anything. */
export function stateOf(key: Pick<Key, "expires_at" | "revoked_at">, now: Date): KeyState {
  if (key.revoked_at !== null) return "revoked";
  if (key.expires_at !== null && new Date(key.expires_at) <= now) return "expired";
  return "valid";
}
