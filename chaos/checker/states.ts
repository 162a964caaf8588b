import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

type Act = Extract<Entry, { f: 'act' }>

/** One wish of one person: that a state be this. */
type Op = { invoke: Act; ok: Act | undefined; fail: Act | undefined; info: Act | undefined }

/** All that was ever wished of one state, in the order of wishing. */
type Register = { ops: Op[]; highest: Act | undefined; offences: Offence[] }

/** What stands at the end. Some states have no version of their own. */
type Final = { value: string; version?: number }

/**
 * Whatever sets a state: of the acknowledged the last stands, as their versions say, unless somebody nobody has heard from
 * came after it; what was wished last, never refused and never taken over by another wish stands as well; and nothing
 * stands that nobody wished.
 */
export function checkStates(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const registers = new Map<string, Register>()
  const writers = new Map<string, Set<string>>()
  const present = new Set(entries.flatMap((entry) => (entry.f === 'list' ? [entry.proc] : [])))
  const own = new Map(entries.flatMap((entry) => (entry.f === 'own rows' ? [[entry.user, entry.rows] as const] : [])))
  for (const entry of entries) {
    if (entry.f !== 'act') continue
    const name = nameOf(entry)
    const register: Register = registers.get(name) ?? { ops: [], highest: undefined, offences: [] }
    registers.set(name, register)
    if (entry.type === 'invoke') writers.set(name, (writers.get(name) ?? new Set<string>()).add(entry.proc))
    note(register, entry)
  }
  return [...registers].flatMap(([name, register]) => {
    const final = finalOf(register.ops[0]!.invoke, ledger, own)
    if (!final) return register.offences
    const { kind, proc } = register.ops[0]!.invoke
    // What a person asks for and sees fail, nobody asks for again.
    const isQueued = kind !== 'room' && kind !== 'role'
    const isRetried = isQueued && writers.get(name)?.size === 1 && present.has(proc)
    return [...register.offences, ...judge(register.ops, final, isRetried)]
  })
}

function nameOf({ kind, room, target, user }: Act): string {
  return kind === 'react' || kind === 'own' ? `${kind} ${room} ${target} ${user}` : `${kind} ${room} ${target}`
}

function note(register: Register, entry: Act): void {
  if (entry.type === 'invoke') {
    register.ops.push({ invoke: entry, ok: undefined, fail: undefined, info: undefined })
    return
  }
  const { user, value } = entry
  const op = register.ops.findLast(({ invoke }) => invoke.user === user && invoke.value === value)
  if (!op) {
    register.ops.push({ invoke: entry, ok: undefined, fail: undefined, info: entry })
    return
  }
  op[entry.type] ??= entry
  if (entry.type !== 'ok' || op.ok !== entry) return
  const { highest, offences } = register
  if (highest && op.invoke.i > highest.i && versionOf(entry) < versionOf(highest)) {
    const why = `set after ${versionOf(highest)} was acknowledged, and answered as ${versionOf(entry)}`
    offences.push({ kind: 'reordered', why, entries: [highest, op.invoke, entry] })
  }
  if (!highest || versionOf(entry) > versionOf(highest)) register.highest = entry
}

const versionOf = ({ version = 0 }: Act) => version

/** Undefined where something else decides: who is brought in again has another role, what is gone has no reactions. */
function finalOf(
  { kind, room, target, user }: Act,
  ledger: Ledger,
  own: ReadonlyMap<number, Record<string, Final>>,
): Final | undefined {
  if (kind === 'own') {
    // Who comes back hears of a room as everybody does.
    const [about, roomOf] = target.split(' ')
    if (about === 'level' && ledger.hasMoved(Number(roomOf), user)) return undefined
    const rows = own.get(user)
    return rows && (rows[target] ?? { value: '' })
  }
  const found = ledger.rooms.get(room)
  const row = found?.byId.get(Number(target.split(' ')[0]))
  if (kind === 'room') return found?.entry.about && { value: aboutOf(found.entry.about, target) }
  if (!found?.entry.states || !row) return undefined
  if (kind === 'remove') return { value: row.isDeleted ? 'gone' : '', version: row.version }
  if (row.isDeleted) return undefined
  if (kind === 'edit') return { value: row.text, version: row.version }
  if (kind === 'pin') return found.entry.states[`pin ${target}`] ?? { value: 'off' }
  if (kind === 'react') return found.entry.states[`react ${target} ${user}`] ?? { value: 'off' }
  return undefined
}

function aboutOf(about: { name: string; topic: string; posting: string; isArchived: boolean }, target: string): string {
  if (target === 'archived') return about.isArchived ? 'on' : 'off'
  return { name: about.name, topic: about.topic, posting: about.posting }[target] ?? ''
}

function judge(ops: readonly Op[], final: Final, isRetried: boolean): Offence[] {
  const acknowledged = ops.filter(({ ok }) => ok)
  const best = Math.max(...acknowledged.map(({ ok }) => versionOf(ok!)))
  const winners = acknowledged.filter(({ ok }) => versionOf(ok!) === best)
  /** May have come last, though nobody knows. */
  const open = ops.filter(({ ok, fail, info }) => !ok && (!fail || info))
  const last = ops.at(-1)!
  const entriesOf = (op: Op) => [op.invoke, op.info, op.fail, op.ok].filter((entry) => entry !== undefined)
  const isWon = winners.some(({ invoke }) => invoke.value === final.value)
  const isOpen = open.some(({ invoke }) => invoke.value === final.value)
  const lost = (op: Op, why: string): Offence[] => [{ kind: 'lost', why, entries: entriesOf(op) }]
  const said = `${last.invoke.kind} ${last.invoke.target} is "${final.value}"`
  if (final.version !== undefined && final.version < best) return lost(winners[0]!, `${said} as of ${final.version}`)
  if (final.version === best && !isWon) return lost(winners[0]!, `${said}, acknowledged as something else`)
  if (winners.length > 0 && !isWon && !isOpen) return lost(winners[0]!, `${said}, and nobody wished that since`)
  if (isRetried && !last.ok && !last.fail && last.invoke.value !== final.value) {
    return lost(last, `${said}, and what was wished last was never refused`)
  }
  return []
}
