import type { Client } from '@grandchat/client'
import { createFakeClient } from './fake-client.ts'

/** The fake client of a scene, within reach of whoever drives the page as `window.fake`. */
export function openFakeClient(scene: string): Client {
  const client = createFakeClient(scene)
  Object.assign(window, { fake: client.fake })
  return client
}
