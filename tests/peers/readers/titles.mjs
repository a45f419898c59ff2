// Readers of npm on a feed: usage: titles.mjs rss-parser|feedsmith DIRECTORY FEED
//
// They are installed in DIRECTORY, and the titles of what they see are printed, one a line.
import { createRequire } from "node:module";

const [which, directory, feed] = process.argv.slice(2);
const require = createRequire(`${directory}/`);

async function seen() {
  if (which === "rss-parser") {
    const Parser = require("rss-parser");
    return (await new Parser().parseURL(feed)).items;
  }
  const { parseFeed } = require("feedsmith");
  const answer = await fetch(feed);
  return parseFeed(await answer.text()).feed.items;
}

for (const { title } of await seen()) console.log(title);
