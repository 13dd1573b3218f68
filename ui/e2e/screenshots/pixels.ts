/** Reading and writing PNG, as far as a browser's pictures need it: 8 bits a channel, not interlaced. */

import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** Length, name and checksum of a chunk. */
const AROUND = 12;
const TRUE_COLOUR_WITH_ALPHA = 6;
const PALETTE = 3;

export interface Pixels {
  width: number;
  height: number;
  /** Of each pixel 0xRRGGBB, row by row. */
  colours: Uint32Array;
}

export function readPng(png: Buffer): Pixels {
  const chunks = [...chunksOf(png)];
  const header = chunks[0]?.body ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = header[9] === TRUE_COLOUR_WITH_ALPHA ? 4 : 3;
  const data = inflateSync(Buffer.concat(chunks.filter(({ name }) => name === "IDAT").map(({ body }) => body)));
  const bytes = unfiltered(data, width * channels, height, channels);
  const colours = Uint32Array.from({ length: width * height }, (_, pixel) => bytes.readUIntBE(pixel * channels, 3));
  return { width, height, colours };
}

/** Write pixels that are places in a palette of at most 256 colours. */
export function writePng(width: number, height: number, palette: readonly number[], places: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, PALETTE], 8);
  const colours = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, place) => colours.writeUIntBE(colour, place * 3, 3));
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++) {
    rows.set(places.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const chunks = [chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

/** Undo what each row was predicted by: the pixel at the left, the one above, both, or Paeth's choice. */
function unfiltered(data: Buffer, length: number, height: number, step: number): Buffer {
  const out = Buffer.alloc(length * height);
  for (let row = 0; row < height; row++) {
    const filter = data[row * (length + 1)];
    for (let at = 0; at < length; at++) {
      const here = row * length + at;
      const left = at < step ? 0 : (out[here - step] ?? 0);
      const up = row === 0 ? 0 : (out[here - length] ?? 0);
      const corner = at < step || row === 0 ? 0 : (out[here - length - step] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[here] = (data[row * (length + 1) + 1 + at] ?? 0) + predicted;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function* chunksOf(png: Buffer): Generator<{ name: string; body: Buffer }> {
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield { name: png.toString("latin1", at + 4, at + 8), body: png.subarray(at + 8, at + 8 + length) };
    at += length + AROUND;
  }
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const whole = Buffer.alloc(body.length + AROUND);
  whole.writeUInt32BE(body.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), body.length + 8);
  return whole;
}
