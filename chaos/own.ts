import type { OwnValues } from '@grandchat/contracts/own-rows/kinds'

type KeptKind = Exclude<keyof OwnValues, 'thread'>
type Texts = { [Kind in KeptKind]: (value: OwnValues[Kind]) => string }

/** Before the reason why a scheduled message could not be sent; it waits for its author to decide. */
export const refusedAs = 'refused: '

const texts: Texts = {
  draft: ({ content }) => content,
  saved: () => 'on',
  scheduled: ({ content, failure }) => (failure === undefined ? content : `${refusedAs}${failure}`),
  section: ({ name }) => name,
  placement: ({ section }) => section,
  closing: ({ seq }) => String(seq),
  setting: (value) => JSON.stringify(value),
}

export const keptKinds = Object.keys(texts) as KeptKind[]

/** What a row of one's own says, as one text that can be compared; '' if it is not there. */
export function textOfOwn(kind: string, value: unknown): string {
  const text = Object.hasOwn(texts, kind) ? (texts[kind as KeptKind] as (value: unknown) => string) : undefined
  return value === null || value === undefined || !text ? '' : text(value)
}
