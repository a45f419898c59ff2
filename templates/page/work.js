// In a crowd a form goes on by itself once its browser has found a number: one for which the SHA-256 of "turn:number" begins
// with so many zeros. Needs no other server, and no context that is called secure.
const primes = [];
for (let number = 2; primes.length < 64; number += 1) if (primes.every((prime) => number % prime)) primes.push(number);
const fraction = (root) => (root % 1) * 2 ** 32 | 0;
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const start = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);
const turned = (word, bits) => word >>> bits | word << 32 - bits;

// The first word of the hash of at most 55 letters, which are one block.
function firstWord(text) {
  words.fill(0, 0, 16);
  for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << 24 - at % 4 * 8;
  words[text.length >> 2] |= 128 << 24 - text.length % 4 * 8;
  words[15] = text.length * 8;
  for (let at = 16; at < 64; at += 1) {
    const [early, late] = [words[at - 15], words[at - 2]];
    words[at] = words[at - 16] + words[at - 7] + (turned(early, 7) ^ turned(early, 18) ^ early >>> 3)
      + (turned(late, 17) ^ turned(late, 19) ^ late >>> 10) | 0;
  }
  let [a, b, c, d, e, f, g, h] = start;
  for (let at = 0; at < 64; at += 1) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) + constants[at] + words[at] | 0;
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, d + one | 0, c, b, a, one + two | 0];
  }
  return start[0] + a | 0;
}

async function work(form) {
  const { turn, work } = form.elements;
  for (let number = 0; ; number += 1) {
    // The page stays usable meanwhile.
    if (number % 5000 === 0) await new Promise((resume) => setTimeout(resume));
    if (Math.clz32(firstWord(`${turn.value}:${number}`)) >= Number(form.dataset.work)) {
      work.value = number;
      return form.submit();
    }
  }
}

for (const form of document.querySelectorAll("form[data-work]")) work(form);
