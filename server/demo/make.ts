import type { Database } from '../database/database.ts'

export async function makeDemo(_db: Database, say: (line: string) => void): Promise<void> {
  say('demo')
}
