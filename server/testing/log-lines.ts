import type { DestinationStream } from 'pino'

/** A log that is kept in memory, as it would have been written. */
export class LogLines implements DestinationStream {
  text = ''

  write(line: string): void {
    this.text += line
  }

  get entries(): { level: number; msg: string; err?: { message: string } }[] {
    return this.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { level: number; msg: string })
  }
}
