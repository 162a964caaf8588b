import { checkContent } from '@grandchat/contracts/messages/content'

/** The text as it is stored; throws RangeError on one that cannot be sent. */
export function toContent(text: string): string {
  const checked = checkContent(text)
  if ('problem' in checked) throw new RangeError(`the message ${checked.problem}`)
  return checked.content
}

/** As the server writes times; `now` in milliseconds of this device's clock. */
export function timeOf(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z')
}
