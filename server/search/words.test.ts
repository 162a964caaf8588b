import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from './words.ts'

/** Every way to swap two neighbours, to leave a letter out, to double one and to mistake one. */
function mistypings(word: string): string[] {
  return Array.from(word).flatMap((letter, i) => [
    word.slice(0, i) + word.slice(i + 1),
    `${word.slice(0, i)}${letter}${word.slice(i)}`,
    `${word.slice(0, i)}ß${word.slice(i + 1)}`,
    ...(i > 0 ? [`${word.slice(0, i - 1)}${letter}${word[i - 1]}${word.slice(i + 1)}`] : []),
  ])
}

for (const word of ['the', 'meet', 'today', 'kubernetes', 'привет']) {
  test(`whatever single mistake is made in ${word}, one of its pieces leads to it`, () => {
    const wrong = mistypings(word).filter((each) => each.length > 2)
    assert.ok(wrong.length > 5)
    for (const each of wrong)
      assert.ok(
        piecesOf(each).some((piece) => ` ${word} `.includes(piece)),
        each,
      )
  })
}
