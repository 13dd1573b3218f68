const WIDTH = 16;

/** Bytes as people look at them: the place, the bytes in hexadecimal, and what of them is plain text. */
export function hexDump(hex: string, most = 4096): { text: string; left: number } {
  const bytes = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const shown = bytes.slice(0, most);
  const lines: string[] = [];
  for (let place = 0; place < shown.length; place += WIDTH) lines.push(line(place, shown.slice(place, place + WIDTH)));
  return { text: lines.join("\n"), left: bytes.length - shown.length };
}

function line(place: number, bytes: readonly number[]): string {
  const offset = place.toString(16).padStart(4, "0");
  const codes = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const texts = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
  return `${offset}  ${codes.padEnd(WIDTH * 3 - 1)}  ${texts}`;
}
