import type { Client, SectionView } from '../client.ts'
import type { Environment } from '../environment.ts'
import { derive } from '../observable.ts'
import type { Keep, OwnRows } from './own-rows.ts'

/** How the viewer arranges their list of rooms. */
export function createSections(environment: Environment, ownRows: OwnRows, keep: Keep): Client['sections'] {
  const sections = ownRows.of('section')
  const placements = ownRows.of('placement')
  const closings = ownRows.of('closing')

  return {
    list: derive(sections, (rows) => [...rows].map(([id, section]) => ({ ...section, id })).sort(byPosition)),
    placements: derive(placements, (rows) => new Map([...rows].map(([key, placement]) => [Number(key), placement]))),
    create(name) {
      const id = environment.uuid()
      // Later ones stand below.
      keep({ kind: 'section', key: id, value: { name: name.trim(), position: environment.now() } })
      return id
    },
    rename(id, name) {
      const known = sections.get().get(id)
      if (known) keep({ kind: 'section', key: id, value: { ...known, name: name.trim() } })
    },
    remove(id) {
      for (const [key, { section }] of placements.get()) {
        if (section === id) keep({ kind: 'placement', key, value: null })
      }
      keep({ kind: 'section', key: id, value: null })
    },
    place(roomId, section) {
      const value = section === null ? null : { section, position: environment.now() }
      keep({ kind: 'placement', key: String(roomId), value })
    },
    closings: derive(closings, (rows) => new Map([...rows].map(([key, { seq }]) => [Number(key), seq]))),
    close: (roomId, seq) => keep({ kind: 'closing', key: String(roomId), value: { seq } }),
    reopen: (roomId) => keep({ kind: 'closing', key: String(roomId), value: null }),
  }
}

const byPosition = (a: SectionView, b: SectionView) => a.position - b.position || (a.id < b.id ? -1 : 1)
