/** A client as its form has it. */

import type { Client, ClientPatch } from "../api/clients";

export interface ClientValues {
  name: string;
  enabled: boolean;
}

const MOST_CHARACTERS = 255;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;

export const valuesOf = ({ name, enabled }: Client): ClientValues => ({ name, enabled });

export function patchOf(before: ClientValues, after: ClientValues): ClientPatch {
  const name = after.name.trim();
  return {
    ...(name !== before.name && { name }),
    ...(after.enabled !== before.enabled && { enabled: after.enabled }),
  };
}

export function nameFault(name: string): string | null {
  if (name.trim() === "") return "Enter a name.";
  return name.length > MOST_CHARACTERS ? "255 characters at most." : null;
}

export function idFault(id: string): string | null {
  const trimmed = id.trim();
  if (trimmed === "") return "Enter an id.";
  if (trimmed.length > MOST_CHARACTERS) return "255 characters at most.";
  return ID.test(trimmed) ? null : "Use letters, digits and . _ : @ - only, beginning with a letter or a digit.";
}

/** An id that a name suggests: `Acme Payments` is `acme-payments`. */
export function idFrom(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
