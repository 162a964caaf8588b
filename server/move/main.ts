import { readConfig } from '../config.ts'
import { StartError } from '../start-error.ts'
import { move } from './move.ts'

const usage = 'Usage: npm run move -- postgres://user:password@host/database'

/** `npm run move -- <address>`: the data of DATA_DIR goes to that PostgreSQL, 16 or newer. */
async function main(): Promise<void> {
  const [address, ...more] = process.argv.slice(2)
  if (address === undefined || more.length > 0 || !/^postgres(ql)?:\/\/\S+$/.test(address)) throw new StartError(usage)
  const { DATA_DIR } = readConfig({ ...process.env, DATABASE_URL: undefined })
  await move(DATA_DIR, address, (line) => process.stdout.write(`${line}\n`))
}

try {
  await main()
} catch (error) {
  const explained = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${explained ?? ''}\n`)
  process.exitCode = 1
}
