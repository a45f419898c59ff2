// A digest's HTML against the rules of html-validate, and against those that mail adds.
// usage: node markup.mjs FILE.html…
import { readFileSync } from 'node:fs';
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // Mail programs read styles from the element, sizes and alignment from its attributes, and Outlook its comments.
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    'no-conditional-comment': 'off',
    'doctype-style': 'off',
    // The title is the subject, which has a rule of its own.
    'long-title': 'off',
  },
});

const FORBIDDEN = [
  [/<(script|form|iframe|object|embed|svg|base|link|video|audio)\b/i, 'an element that mail programs refuse'],
  [/\son[a-z]+\s*=\s*["']/i, 'a handler'],
  [/@import|@font-face|url\(|position:|float:|display:\s*(flex|grid)|background-image/i, 'CSS that mail programs refuse'],
  [/\{\{|\}\}|\{%|%\}/, 'a template’s mark'],
  [/\uFFFD|Ã.|â€/u, 'text that was decoded wrongly'],
];

const RULES = [
  ['a table has role=presentation', (html) => !/<table(?![^>]*role="presentation")/i.test(html)],
  ['a table has a tbody', (html) => count(html, /<table\b/g) === count(html, /<tbody\b/g)],
  ['there is one h1', (html) => count(html, /<h1\b/g) === 1],
  ['html has lang and dir', (html) => saysHowItReads(tags(html, 'html')[0])],
  ['the outer wrapper has lang and dir', (html) => saysHowItReads(tags(html, 'div')[0])],
  ['a style block is smaller than 8 kB', (html) => styles(html).every((style) => style.length < 8192)],
  ['style blocks are smaller than 16 kB together', (html) => styles(html).join('').length < 16384],
  ['a style block has no comment', (html) => styles(html).every((style) => !style.includes('/*'))],
  ['dark mode and Outlook’s dark mode have blocks of their own',
    (html) => styles(html).some((style) => style.trim().startsWith('@media (prefers-color-scheme:dark)'))
      && styles(html).some((style) => style.trim().startsWith('[data-ogs'))],
  ['headings skip no level', (html) => skipsNoLevel([...html.matchAll(/<h([1-6])\b/g)].map((match) => Number(match[1])))],
  ['a picture has alt, width and height', (html) => tags(html, 'img').every((tag) => / alt="/.test(tag) && / width="\d+"/.test(tag) && / height="\d+"/.test(tag))],
  ['a picture is no tracking pixel', (html) => tags(html, 'img').every((tag) => !/ (width|height)="[012]"/.test(tag))],
  ['a link leads to the web or to a mailbox', (html) => tags(html, 'a').every((tag) => / href="(https?:\/\/|mailto:)/.test(tag))],
];

const saysHowItReads = (tag = '') => / lang="[\w-]+"/.test(tag) && / dir="(ltr|rtl)"/.test(tag);
const count = (html, pattern) => [...withoutComments(html).matchAll(pattern)].length;
const withoutComments = (html) => html.replace(/<!--[\s\S]*?-->/g, '');
const styles = (html) => [...withoutComments(html).matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((match) => match[1]);
const tags = (html, name) => withoutComments(html).match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];
const skipsNoLevel = (levels) => levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1);

async function complaints(html) {
  const report = await validator.validateString(html);
  const found = report.results.flatMap((result) => result.messages).filter((message) => message.severity === 2);
  return [
    ...found.map((message) => `line ${message.line}: ${message.ruleId}: ${message.message}`),
    ...FORBIDDEN.filter(([pattern]) => pattern.test(withoutText(html))).map(([, what]) => `there is ${what}`),
    ...RULES.filter(([, holds]) => !holds(html)).map(([rule]) => `not so: ${rule}`),
  ];
}

// Articles may write about anything; what is looked for is markup and styles.
const withoutText = (html) => withoutComments(html).replace(/>[^<]*</g, '><').replace(/(alt|content|aria-label)="[^"]*"/g, '') + styles(html).join('');

let failed = false;
for (const file of process.argv.slice(2)) {
  const found = await complaints(readFileSync(file, 'utf8'));
  for (const complaint of found) console.log(`${file}: ${complaint}`);
  failed ||= found.length > 0;
}
process.exit(failed ? 1 : 0);
