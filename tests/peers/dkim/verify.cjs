// Whether mailauth takes every mail in a Maildir for signed by each key, and for forged once it was changed.
//
// usage: verify.cjs RECORDS.json MAILDIR
//
// RECORDS.json is what `courant dkim record --json` prints; it stands in the place of the DNS.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { dkimVerify } = require('mailauth/lib/dkim/verify');

const [recordsFile, maildir] = process.argv.slice(2);
const records = new Map(JSON.parse(fs.readFileSync(recordsFile)).map(record => [record.name, record.value]));

async function resolver(name, type) {
  if (type === 'TXT' && records.has(name)) {
    return [[records.get(name)]];
  }
  throw Object.assign(new Error(`${name} has no ${type}`), { code: 'ENOTFOUND' });
}

async function verdicts(message) {
  const { results } = await dkimVerify(Buffer.from(message, 'latin1'), { resolver, minBitLength: 1024 });
  return results.map(({ status }) => status.result);
}

const CHANGES = {
  body: message => message.replace(/(\r\n\r\n[^]*?)e/, '$1E'),
  subject: message => message.replace('\r\nSubject: ', '\r\nSubject: x'),
  to: message => message.replace('\r\nTo: ', '\r\nTo: x'),
  date: message => message.replace(/(\r\nDate: \w+, \d+ \w+ )\d+/, '$11999'),
  'a second from': message => message.replace('\r\n\r\n', '\r\nFrom: Eve <eve@example.net>\r\n\r\n'),
  'a second subject': message => message.replace('\r\n\r\n', '\r\nSubject: Pay here\r\n\r\n'),
};

async function main() {
  const files = fs.readdirSync(path.join(maildir, 'new')).sort();
  assert(files.length > 0, 'no mail');
  let noticed = 0;
  for (const file of files) {
    const message = fs.readFileSync(path.join(maildir, 'new', file), 'latin1').replaceAll('\n', '\r\n');
    const expected = Array(records.size).fill('pass');
    assert.deepStrictEqual(await verdicts(message), expected, `${file}: a signature does not hold`);
    for (const [what, change] of Object.entries(CHANGES)) {
      const changed = change(message);
      assert.notStrictEqual(changed, message, `${file} has no ${what}`);
      const found = await verdicts(changed);
      assert(found.length === records.size && !found.includes('pass'), `${file}: ${what} is missed: ${found}`);
      noticed += found.length;
    }
  }
  console.log(`${files.length} mails by ${records.size} keys, ${noticed} changes noticed`);
}

main().catch(error => {
  console.error(error.message);
  process.exitCode = 1;
});
