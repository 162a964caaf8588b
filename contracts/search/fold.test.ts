import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold, foldWithPlaces } from './fold.ts'

const alike: [string, string][] = [
  ['Café', 'cafe'],
  ['CAFE\u0301', 'cafe'],
  ['Ångström', 'angstrom'],
  ['Łódź', 'lodz'],
  ['Straße', 'strasse'],
  ['Ærø', 'aero'],
  ['İstanbul', 'istanbul'],
  ['ПРИВЁТ', 'привет'],
  ['Ὀδυσσεύς', 'οδυσσευσ'],
  ['ＡＢＣ１２３', 'abc123'],
  ['ｶﾞﾗｽ', 'ガラス'],
  ['مَرْحَبًا', 'مرحبا'],
  ['\u1112\u1161\u11ab글', '한글'],
  ['zero\u200bwidth', 'zerowidth'],
  ['don’t', "don't"],
  ['two\n\n  lines', 'two lines'],
]
for (const [text, folded] of alike) {
  test(`${JSON.stringify(text)} is compared as ${folded}`, () => assert.equal(fold(text), folded))
}

test('marks that make another letter stay', () => {
  assert.notEqual(fold('が'), fold('か'))
  assert.notEqual(fold('की'), fold('का'))
  assert.notEqual(fold('ที่'), fold('ที'))
})

test('places lead back to the original', () => {
  const original = 'Eine Straße, CAFE\u0301 und  Œuvre 👩‍👩‍👧 da'
  const { text, places } = foldWithPlaces(original)
  assert.equal(text, fold(original))
  assert.equal(places.length, text.length + 1)
  const at = text.indexOf('cafe')
  assert.equal(original.slice(places[at], places[at + 4]), 'CAFE\u0301')
  assert.equal(places[text.indexOf('da')], original.indexOf('da'))
})

test('plain text folds alike by both ways', () => {
  for (const text of ['', ' ', 'Plain  TEXT,\twith "signs"\n', 'a'.repeat(5_000)]) {
    assert.equal(foldWithPlaces(text).text, fold(text))
  }
})
