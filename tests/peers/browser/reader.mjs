// Does in Chromium what a reader does, and what a mail scanner does.
//
// usage: reader.mjs sign-up SITE INBOX ADDRESS      by the form, the mail and its button
//        reader.mjs leave ADDRESS-OF-PAGE           by the link out of a digest, without JavaScript
//        reader.mjs scan ADDRESS-OF-PART…           opens every link of a digest, with JavaScript, and presses nothing
//        reader.mjs crowd SITE                      signs up where too many do, with JavaScript and without
//
// Exit 1 where a page is not the one that should follow.
import { chromium } from "playwright-core";

const [act, ...given] = process.argv.slice(2);
const args = ["--no-sandbox", "--disable-gpu"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });

async function open(url, javaScriptEnabled = true) {
  const context = await browser.newContext({ javaScriptEnabled, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function press(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

async function expect(page, words, timeout = 5000) {
  await page.getByText(words).first().waitFor({ timeout }).catch(() => {
    throw new Error(`${page.url()} does not say: ${words}`);
  });
}

// As a person does: not before two seconds have passed.
async function fill(page, address) {
  await page.fill("#address", address);
  await page.waitForTimeout(2100);
  await press(page, "#newsletters form button");
}

// The first link of this kind in a mail to an address, once it has come.
async function link(inbox, address, kind) {
  for (let looks = 0; looks < 100; looks += 1) {
    const list = await (await fetch(inbox)).text();
    const numbers = [...new Set(list.match(/mails\/\d+/g))].sort((one, other) => other.slice(6) - one.slice(6));
    for (const number of numbers.slice(0, 10)) {
      const head = await (await fetch(`${inbox}/${number}/headers`)).text();
      if (!head.includes(address)) continue;
      const text = await (await fetch(`${inbox}/${number}/text`)).text();
      const found = text.match(new RegExp(`https?://[^ <&"]*/${kind}/[a-z2-7]+`));
      if (found) return found[0];
    }
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`no mail with a link to ${kind} has come`);
}

async function signUp(site, inbox, address) {
  const page = await open(site);
  await fill(page, address);
  await expect(page, "Look into your inbox");
  await page.goto(await link(inbox, address, "confirm"));
  await press(page, "main form button");
  await expect(page, "You are subscribed");
}

async function leave(url) {
  const page = await open(url, false);
  await press(page, "main form button");
  await expect(page, "You are unsubscribed");
}

async function scan(...parts) {
  const texts = await Promise.all(parts.map(async (part) => (await fetch(part)).text()));
  const links = [...new Set(texts.join(" ").match(/https?:\/\/127\.0\.0\.1:\d+\/[^ <&")\]]*/g))];
  if (!links.some((own) => own.includes("/unsubscribe/")) || !links.some((own) => own.includes("/manage/"))) {
    throw new Error(`a digest has no link out: ${links.length} links`);
  }
  const context = await browser.newContext();
  await Promise.all(links.map(async (own) => {
    const page = await context.newPage();
    await page.goto(own, { waitUntil: "networkidle" }).catch((error) => {
      if (!String(error).includes("Download")) throw error;
    });
    await page.close();
  }));
  console.log(`${links.length} links opened`);
}

async function crowd(site) {
  const slow = await open(site, false);
  await fill(slow, "without-scripts@example.org");
  await expect(slow, "One moment, please");
  const begun = Date.now();
  const quick = await open(site);
  await fill(quick, "with-scripts@example.org");
  await expect(quick, "Look into your inbox", 30_000);
  await press(slow, "main form button");
  await expect(slow, "One moment, please");
  await slow.waitForTimeout(Math.max(0, 21_000 - (Date.now() - begun)));
  await press(slow, "main form button");
  await expect(slow, "Look into your inbox");
}

try {
  await { "sign-up": signUp, leave, scan, crowd }[act](...given);
} finally {
  await browser.close();
}
