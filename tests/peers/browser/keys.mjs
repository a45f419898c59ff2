// Manages a subscription with the keyboard alone, in a browser without JavaScript.
//
// usage: keys.mjs URL NEWSLETTER
//
// Leaves, takes that back, says why the next time, asks for the newsletter again; pauses and resumes one. Exit 1 if a
// key leads anywhere but where it should.
import { chromium } from "playwright-core";

const [url, newsletter] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
const page = await context.newPage();

// Goes on with Tab until the element has the focus, and it must be seen that it has.
async function reach(selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(`${selector}:focus`);
    if (await focused.count()) {
      const outline = await focused.evaluate((element) => getComputedStyle(element).outlineStyle);
      if (outline === "none") throw new Error(`${selector} does not show that it has the focus`);
      return;
    }
  }
  throw new Error(`${selector} cannot be reached by Tab`);
}

async function press(selector) {
  await reach(selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function expect(selector) {
  if (!(await page.locator(selector).count())) throw new Error(`after a key there is no ${selector} at ${page.url()}`);
}

const own = `#at-${newsletter}`;
await page.goto(url);
await press(`#leave-${newsletter}`);
await expect(`${own} button[value=undo]`);
await press(`${own} button[value=undo]`);
await expect(`#leave-${newsletter}`);
await reach(`#until-${newsletter}`);
// A day that is the same whether a browser wants the month first or the day.
const day = new Date(Date.now() + 2 * 86400_000);
while (day.getDate() !== day.getMonth() + 1) day.setDate(day.getDate() + 1);
await page.keyboard.type(`${String(day.getDate()).padStart(2, "0").repeat(2)}${day.getFullYear()}`);
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
await expect(`#resume-${newsletter}`);
await press(`#resume-${newsletter}`);
await press(`#leave-${newsletter}`);
await reach(`#why-${newsletter}`);
await page.keyboard.type("Too many mails");
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
await expect(`${own} [role=status]`);
await browser.close();
console.log("managed by keyboard, without JavaScript");
