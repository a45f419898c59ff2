// Looks at pages and mails in Chromium: at a phone's and a desk's width, light and dark.
//
// usage: look.mjs DIRECTORY (page|mail) NAME=URL…
//
// Behind a URL `|` and a form may stand: the page is then the answer to that form, whatever its status. Or `!` and a status:
// that is what the page must be answered with.
//
// Each is checked by axe (WCAG 2.2 AA and best practice), by html-validate, for text that runs out of the window and
// for letters too small to read; screenshots go to DIRECTORY. Exit 1 if anything was found.
import fs from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const [directory, kind, ...pages] = process.argv.slice(2);
const isMail = kind === "mail";
fs.mkdirSync(directory, { recursive: true });

// What mail programs ask for and pages do without: layout by tables and attributes, style at the element.
const forMail = { "no-inline-style": "off", "no-deprecated-attr": "off", "attribute-boolean-style": "off", "prefer-tbody": "off", "no-conditional-comment": "off" };
const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: { "void-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "doctype-style": "off",
    "require-sri": "off",
    // Several boxes of one name are one choice.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button", "reset"] }], ...(isMail ? forMail : {}) },
});

let found = 0;
function report(where, what) {
  found += 1;
  console.log(`${where}: ${what}`);
}

async function validate(name, html) {
  const result = await validator.validateString(html);
  for (const message of result.results.flatMap((file) => file.messages)) {
    // What was ticked goes along hidden.
    if (message.ruleId === "form-dup-name" && name.startsWith("crowd")) continue;
    report(name, `html-validate ${message.ruleId}: ${message.message} (line ${message.line})`);
  }
}

// Loads also the pictures that a reader would have to scroll to.
async function loadPictures(page, where) {
  const broken = await page.evaluate(async () => {
    const pictures = [...document.images];
    for (const picture of pictures) picture.loading = "eager";
    const ended = (picture) => picture.complete || new Promise((done) => (picture.onload = picture.onerror = done));
    await Promise.all(pictures.map(ended));
    return pictures.filter((picture) => !picture.naturalWidth).map((picture) => picture.currentSrc);
  });
  for (const source of broken) report(where, `a picture does not load: ${source}`);
}

async function look(browser, name, url, html, { width, scheme, images = true }) {
  const where = `${name}-${width}-${scheme}${images ? "" : "-without-images"}`;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  await page.route("**/*", (route) => {
    const request = route.request();
    // The document is given without its Content-Security-Policy, which would keep axe out.
    if (request.isNavigationRequest()) return route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
    // What the page of a crowd does by itself would lead away from it.
    if (request.url().endsWith("/work.js")) return route.abort();
    if (!request.url().startsWith(new URL(url).protocol + "//127.0.0.1")) report(where, `asks ${request.url()}`);
    return images || request.resourceType() !== "image" ? route.continue() : route.abort();
  });
  await page.goto(url, { waitUntil: "networkidle" });
  if (images) await loadPictures(page, where);
  await page.screenshot({ path: `${directory}/${where}.png`, fullPage: true });
  const seen = await page.evaluate(() => {
    const isText = (node) => node.nodeType === 3 && node.data.trim();
    const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
    const texts = [...document.querySelectorAll("body *")].filter((e) => [...e.childNodes].some(isText) && isShown(e));
    return {
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: texts.filter((e) => parseFloat(getComputedStyle(e).fontSize) < 13).map((e) => e.outerHTML.slice(0, 120)),
    };
  });
  if (seen.overflow > 0) report(where, `runs ${seen.overflow} px out of the window`);
  for (const element of seen.small) report(where, `too small to read: ${element}`);
  await page.addScriptTag({ content: axe });
  const violations = await page.evaluate(async ([standards, rules]) => {
    const result = await window.axe.run(document, { runOnly: standards, rules });
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }, [STANDARDS, isMail ? { region: { enabled: false }, "landmark-one-main": { enabled: false } } : {}]);
  for (const violation of violations) report(where, `axe ${violation}`);
  await context.close();
}

// On paper a page is its words: black on white, as wide as the sheet, without what only a screen is for.
async function print(browser, name, url, html) {
  const where = `${name}-print`;
  const context = await browser.newContext({ viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
  const page = await context.newPage();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.route("**/*", (route) =>
    route.request().isNavigationRequest() ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html }) : route.continue());
  await page.goto(url, { waitUntil: "networkidle" });
  await page.screenshot({ path: `${directory}/${where}.png`, fullPage: true });
  const seen = await page.evaluate(() => {
    const screenOnly = "nav ul, form, .box, .turn, .tags, .share, .related, .skip";
    const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
    const colours = (element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor].join(" on ");
    return {
      shown: [...document.querySelectorAll(screenOnly)].filter(isShown).map((e) => e.outerHTML.slice(0, 80)),
      colours: colours(document.documentElement),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      isEmpty: !document.querySelector("main").innerText.trim(),
    };
  });
  for (const element of seen.shown) report(where, `is on paper too: ${element}`);
  if (seen.colours !== "rgb(0, 0, 0) on rgb(255, 255, 255)") report(where, `is printed ${seen.colours}`);
  if (seen.overflow > 0) report(where, `runs ${seen.overflow} px out of the sheet`);
  if (seen.isEmpty) report(where, "prints nothing");
  await context.close();
}

// A document that is handed to the browser comes from nowhere, and what comes from nowhere may not ask this machine.
const args = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
// What a browser says of itself when somebody opens an address: a feed is then a page.
const opening = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "sec-fetch-dest": "document" };
for (const entry of pages) {
  const [name, whole] = [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)];
  const [asked, body] = whole.split("|");
  const [url, status = "200"] = asked.split("!");
  const form = { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } };
  const answer = await fetch(url, body === undefined ? { headers: opening } : form);
  if (body === undefined && answer.status !== Number(status)) report(name, `${url} answers ${answer.status}`);
  const html = await answer.text();
  await validate(name, html);
  const widths = isMail ? [320, 600] : [320, 1280];
  const views = widths.flatMap((width) => ["light", "dark"].map((scheme) => ({ width, scheme })));
  await Promise.all(views.map((view) => look(browser, name, url, html, view)));
  if (/^(site|mirrored)-(article|edition|newsletter|found)/.test(name)) await print(browser, name, url, html);
  if (isMail) await look(browser, name, url, html, { width: 320, scheme: "light", images: false });
}
await browser.close();
console.log(`${pages.length} ${kind}s seen, ${found} findings`);
process.exit(found ? 1 : 0);
