// A picture to stand where a mail's pictures cannot be fetched: hills under a sky, as a PNG.
import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 600;
const HEIGHT = 400;

function colour(x, y) {
  const far = 210 + 28 * Math.sin(x / 95) + 14 * Math.sin(x / 31);
  const near = 275 + 22 * Math.sin(x / 60 + 2);
  if (y < far) return [200 - y / 5, 212 - y / 8, 224 - y / 12];
  return y < near ? [112, 128, 108] : [76, 94, 68];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

function draw() {
  const row = (y) => [0, ...Array.from({ length: WIDTH }, (_, x) => colour(x, y)).flat()];
  const pixels = Buffer.from(Array.from({ length: HEIGHT }, (_, y) => row(y)).flat());
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]);
}

let drawn;

export function drawing() {
  drawn ??= draw();
  return drawn;
}
