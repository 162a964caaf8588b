import type { Client } from '../client.ts'
import type { Environment } from '../environment.ts'
import { createDrafts } from './drafts.ts'
import type { Keep, OwnRows } from './own-rows.ts'
import { createSaved } from './saved.ts'
import { createScheduled } from './scheduled.ts'
import { createSections } from './sections.ts'
import { createSettings } from './settings.ts'

export type OwnStateSetup = { environment: Environment; ownRows: OwnRows; keep: Keep }

/** The parts of a client that keep something for its viewer. */
export type OwnState = Pick<Client, 'drafts' | 'saved' | 'scheduled' | 'sections' | 'settings'>

/** What can be done with what the viewer keeps for themselves, by noun. */
export function createOwnState({ environment, ownRows, keep }: OwnStateSetup) {
  const drafts = createDrafts({ environment, ownRows, keep })
  const methods: OwnState = {
    drafts: drafts.methods,
    saved: createSaved(environment, ownRows, keep),
    scheduled: createScheduled(environment, ownRows, keep),
    sections: createSections(environment, ownRows, keep),
    settings: createSettings(ownRows, keep),
  }
  return { methods, flush: () => drafts.flush(), stop: () => drafts.stop() }
}
