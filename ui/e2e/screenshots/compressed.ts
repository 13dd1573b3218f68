import { readPng, writePng } from "./pixels";

const MOST_COLOURS = 256;

/** The same picture in fewer bytes: its most frequent colours stay, and the others become the nearest of them. */
export function compressed(png: Buffer): Buffer {
  const { width, height, colours } = readPng(png);
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byFrequency = [...counts].sort(([, left], [, right]) => right - left).map(([colour]) => colour);
  const palette = byFrequency.slice(0, MOST_COLOURS);
  const places = new Map(byFrequency.map((colour) => [colour, nearest(palette, colour)]));
  return writePng(
    width,
    height,
    palette,
    Uint8Array.from(colours, (colour) => places.get(colour) ?? 0),
  );
}

/** The place of the colour that is most like another. */
function nearest(palette: readonly number[], colour: number): number {
  const same = palette.indexOf(colour);
  if (same >= 0) return same;
  let [best, least] = [0, Infinity];
  palette.forEach((each, place) => {
    const distance = distanceOf(each, colour);
    if (distance < least) [best, least] = [place, distance];
  });
  return best;
}

function distanceOf(one: number, other: number): number {
  const between = (shift: number): number => (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2;
  return between(16) + between(8) + between(0);
}
