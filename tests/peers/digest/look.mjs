// Looks at a digest as its readers do: phone and desk, light and dark, without pictures, without style sheets; takes
// screenshots, and fails on what a reader could not read.
// usage: node look.mjs DIRECTORY FILE.html…
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { drawing } from './drawing.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

const VIEWS = [
  ...[320, 390, 600, 1200].flatMap((width) => ['light', 'dark'].map((scheme) => ({ name: `${width}-${scheme}`, width, scheme }))),
  { name: '320-without-pictures', width: 320, withoutPictures: true },
  { name: '320-without-styles', width: 320, withoutStyles: true },
  { name: '600-without-styles', width: 600, withoutStyles: true },
  { name: '390-outlook-dark', width: 390, outlookDark: true },
  { name: '390-large-text', width: 390, zoom: 2 },
];

// Runs in the page: what a reader would trip over.
function stumbles() {
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const all = [...document.querySelectorAll('body *')].filter(shown);
  const holdsText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const found = [];
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
    found.push(`the page is ${document.documentElement.scrollWidth} px wide and scrolls sideways`);
  }
  for (const element of all.filter((element) => holdsText(element) && size(element) < 13)) {
    found.push(`text of ${size(element)} px: ${element.textContent.slice(0, 40)}`);
  }
  for (const link of all.filter((element) => element.tagName === 'A')) {
    const height = Math.max(...[...link.getClientRects()].map((box) => box.height));
    if (height < 24) found.push(`a target of ${height} px: ${link.textContent.slice(0, 40)}`);
  }
  return found;
}

async function axe(page) {
  await page.addScriptTag({ content: AXE });
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    // A mail is shown inside a page that has landmarks of its own.
    const rules = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };
    const { violations } = await window.axe.run(document, { runOnly: tags, rules });
    return violations.map((violation) => `${violation.id} at ${violation.nodes.length} places, first ${violation.nodes[0].html.slice(0, 120)}`);
  });
}

// The mail comes from memory and pictures from loopback or a drawing: nothing else is fetched.
async function serve(page, html, view, requests) {
  await page.route('**/*', async (route) => {
    const request = route.request();
    if (request.url() === 'https://mail.test/') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    requests.push(request.resourceType());
    if (request.resourceType() !== 'image' || view.withoutPictures) return route.abort();
    const isNear = /^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(request.url());
    const answer = isNear ? await route.fetch().catch(() => null) : null;
    return answer?.ok() ? route.fulfill({ response: answer }) : route.fulfill({ contentType: 'image/png', body: drawing() });
  });
  await page.goto('https://mail.test/');
}

async function look(browser, file, view, directory) {
  const context = await browser.newContext({ viewport: { width: view.width, height: 900 }, colorScheme: view.scheme ?? 'light' });
  const page = await context.newPage();
  const requests = [];
  const html = readFileSync(file, 'utf8');
  await serve(page, view.withoutStyles ? html.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '') : html, view, requests);
  if (view.outlookDark) {
    await page.evaluate(() => ['data-ogsc', 'data-ogsb'].forEach((name) => document.documentElement.setAttribute(name, '')));
  }
  if (view.zoom) await page.evaluate((zoom) => { document.body.style.zoom = zoom; }, view.zoom);
  await page.screenshot({ path: path.join(directory, `${path.basename(file, '.html')}-${view.name}.png`), fullPage: true });
  const found = view.zoom ? [] : [...await page.evaluate(stumbles), ...await axe(page)];
  const strangers = requests.filter((type) => type !== 'image');
  if (strangers.length > 0) found.push(`something other than a picture was asked for: ${strangers.join(', ')}`);
  await context.close();
  return found;
}

const [directory, ...files] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
let failed = false;
for (const file of files) {
  for (const view of VIEWS) {
    for (const stumble of await look(browser, file, view, directory)) {
      console.log(`${file}: ${view.name}: ${stumble}`);
      failed = true;
    }
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
