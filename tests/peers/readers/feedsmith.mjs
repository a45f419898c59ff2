// feedsmith on files: usage: feedsmith.mjs DIRECTORY FILE…
//
// It is installed in DIRECTORY. It must know the format of each file, and see an id and a title in each item.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [directory, ...files] = process.argv.slice(2);
const { parseFeed } = createRequire(`${directory}/`)("feedsmith");

for (const file of files) {
  const { format, feed } = parseFeed(readFileSync(file, "utf8"));
  const expected = file.split(".").pop();
  if (format !== expected) throw new Error(`${file}: taken for ${format}`);
  for (const item of feed.items ?? feed.entries ?? []) {
    if (!(item.guid ?? item.id) || !item.title) throw new Error(`${file}: ${JSON.stringify(item)}`);
  }
}
