import { type Flags, settable } from './overrides.ts'

export type CommandLine = {
  task: 'run' | 'check' | 'help' | 'version'
  /** Undefined: `config.json`, if there is one. */
  configFile?: string
  /** Warnings are mistakes. */
  isStrict: boolean
  flags: Flags
  mistakes: string[]
}

const switches: Record<string, (line: CommandLine) => void> = {
  '--strict': (line) => (line.isStrict = true),
  '--check': (line) => (line.task = 'check'),
  checkconfig: (line) => (line.task = 'check'),
  '--help': (line) => (line.task = 'help'),
  '-h': (line) => (line.task = 'help'),
  '--version': (line) => (line.task = 'version'),
  version: (line) => (line.task = 'version'),
}

const shortcuts = new Map([
  ['-c', '--config'],
  ['-p', '--http_server.port'],
  ['--port', '--http_server.port'],
  ['-a', '--http_server.address'],
  ['--address', '--http_server.address'],
])

const settableByFlag = new Map(settable.map(({ path, isSwitch }) => [path, isSwitch]))

/** Reads arguments as Centrifugo has them; every key of the configuration is a flag. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const line: CommandLine = { task: 'run', isStrict: false, flags: {}, mistakes: [] }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const apply = Object.hasOwn(switches, arg) ? switches[arg] : undefined
    if (apply) apply(line)
    else readOption(line, arg, rest)
  }
  return line
}

function readOption(line: CommandLine, arg: string, rest: string[]): void {
  const equals = arg.indexOf('=')
  const given = equals === -1 ? arg : arg.slice(0, equals)
  const name = shortcuts.get(given) ?? given
  const path = name.slice(2)
  const isSwitch = settableByFlag.get(path)
  const isKnown = name === '--config' || (name.startsWith('--') && isSwitch !== undefined)
  if (!isKnown) {
    line.mistakes.push(name.startsWith('-') ? `There is no flag ${given}.` : `There is no command ${arg}.`)
    return
  }
  const value = equals === -1 ? (isSwitch ? 'true' : rest.shift()) : arg.slice(equals + 1)
  if (value === undefined || value === '') line.mistakes.push(`${given} needs a value.`)
  else if (name === '--config') line.configFile = value
  else line.flags[path] = value
}

export const help = `Runs the hub alone, as "centrifugo -c config.json" runs Centrifugo.

  --config, -c FILE     the configuration, Centrifugo's JSON (default: config.json, if there is one)
  --port, -p PORT       where clients connect to (default 8000)
  --address, -a ADDRESS the address to listen on (default: all)
  --strict              refuse to start when a key of the configuration would be ignored
  --check               name all mistakes and all keys that would be ignored, and exit
  --KEY=VALUE           any key of the configuration, such as --log.level=debug
  --version             the version of the hub
  --help, -h            this text

Flags win over the environment (CENTRIFUGO_CLIENT_INSECURE=true), and that over the file.
`
