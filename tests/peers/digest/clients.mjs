// Which mail programs would not understand a digest's HTML or CSS, by the tables of caniemail.
// usage: node clients.mjs FILE.html…
import { readFileSync } from 'node:fs';
import { caniemail } from 'caniemail';

const CLIENTS = [
  'aol.*', 'apple-mail.*', 'fastmail.*', 'gmail.*', 'hey.*', 'outlook.*', 'protonmail.*', 'samsung-email.*',
  'thunderbird.*', 'yahoo.*',
];

// What only adds to a mail that is whole without it: the style blocks and what they need, the hidden preheader,
// attributes for who listens, and places to break in words too long for any screen.
const ENHANCEMENTS = new Set([
  '!important keyword', '<body> element', '<style> element', '<wbr> element', '@media', 'Attribute selector',
  'Class selector', 'Descendant combinator', 'display:none', 'height attribute', 'height property', 'lang attribute', 'overflow',
  'role attribute', 'text-decoration', 'width attribute',
]);

function misunderstood(html) {
  const clients = new Map();
  for (const [client, issues] of caniemail({ clients: CLIENTS, html }).issues.errors) {
    for (const { title } of issues) {
      if (!ENHANCEMENTS.has(title)) clients.set(title, (clients.get(title) ?? new Set()).add(client));
    }
  }
  return clients;
}

let failed = false;
for (const file of process.argv.slice(2)) {
  const found = misunderstood(readFileSync(file, 'utf8'));
  for (const [title, clients] of found) console.log(`${file}: ${title} is not understood by ${[...clients].join(', ')}`);
  failed ||= found.size > 0;
}
process.exit(failed ? 1 : 0);
