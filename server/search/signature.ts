/** What may stand in a pack, in so many bits: a page of the database holds seven of them, and only one pack. */
const signatureBits = 8_192

/** One bit for every three neighbouring letters of a text, and for every two where one of them is beyond ASCII. */
function addGrams(text: string, bits: Uint8Array): void {
  for (let i = 0; i + 1 < text.length; i++) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)]
    if (a > 127 || b > 127) bits[placeOf(a, b, 0)] = 1
    if (i + 2 < text.length) bits[placeOf(a, b, c)] = 1
  }
}

function placeOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 15)) & (signatureBits - 1)
}

/** As PostgreSQL reads a `bit` string. */
export function signatureOf(texts: readonly string[]): string {
  const bits = new Uint8Array(signatureBits)
  for (const text of texts) addGrams(text, bits)
  return bits.join('')
}
