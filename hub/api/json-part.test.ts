import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../test/random.ts'
import { splitDocuments } from '../json-scan.ts'
import { JsonPart } from './json-part.ts'
import { writeJson } from './write-json.ts'

type Source = ReturnType<typeof random>

const names = ['', 'a', 'channel', '\\"', '}', '],{', '\\n', '\\u0022', '__proto__', 'ö🦊', ':', ',']
/** V8 13.6 takes a name for another that it saw before, if that one holds backslashes: no names hold any here. */
const strings = [...names, '\\\\', '\\\\\\"']

/** A JSON text, strangely spaced, full of what looks like structure. */
function randomJson({ below, pick }: Source, depth = 0): string {
  const space = () => pick(['', '', '', ' ', '\n', '\r\n\t '])
  const string = (from = strings) => `"${pick(from)}${pick(from)}"`
  const kind = below(depth > 4 ? 3 : 5)
  if (kind === 0) return pick(['null', 'true', 'false', '0', '-1.50e+3', '12345678901234567890'])
  if (kind <= 2) return string()
  const items = Array.from({ length: below(4) }, () => {
    const value = `${space()}${randomJson({ below, pick }, depth + 1)}${space()}`
    return kind === 3 ? value : `${space()}${string(names)}${space()}:${value}`
  })
  const inside = items.length > 0 ? items.join(',') : space()
  return kind === 3 ? `[${inside}]` : `{${inside}}`
}

function checkParts(part: JsonPart): void {
  const text = part.raw?.text ?? ''
  assert.deepEqual(JSON.parse(text), part.value, text)
  assert.deepEqual(JSON.parse(writeJson(part.value)), part.value)
  for (const element of part.elements() ?? []) checkParts(element)
  if (!part.isObject) return
  for (const name of Object.keys(part.value as object)) {
    const member = part.member(name)
    assert.ok(member, name)
    checkParts(member)
  }
}

test('[API7] the text of every part of a document is the text of its value', () => {
  const source = random(7)
  for (let n = 0; n < 3000; n++) {
    const part = JsonPart.parse(` ${randomJson(source)}\n`)
    assert.ok(part)
    checkParts(part)
  }
})

test('[API15] documents one after the other are divided as they were joined', () => {
  const source = random(8)
  for (let n = 0; n < 500; n++) {
    const documents = Array.from({ length: source.below(5) }, () => randomJson(source))
    const joined = documents.join(source.pick([' ', '\n', '\r\n\r\n']))
    assert.deepEqual([...splitDocuments(joined)], documents)
  }
})

test('[API15] dividing what is no JSON comes to an end and loses nothing', () => {
  const source = random(9)
  const pieces = ['{', '}', '[', ']', '"', '\\', ',', ':', ' ', '\n', 'x', '1', '\u0000']
  for (let n = 0; n < 3000; n++) {
    const text = Array.from({ length: source.below(12) }, () => source.pick(pieces)).join('')
    const documents = [...splitDocuments(text)]
    assert.equal(documents.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''), text)
    for (const document of documents) JsonPart.parse(document)
  }
})
