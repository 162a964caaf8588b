import { createRoot } from 'react-dom/client'
import { createClient, createIndexedDbStorage } from '@grandchat/client'
import type { Client } from '@grandchat/client'
import { App } from './app.tsx'
import { loadLanguage } from './locales/languages.ts'
import './styles/app.css'

/** In development, `?fake=<scene>` shows the app with made-up data; no trace of it is in the production build. */
async function openClient(): Promise<Client> {
  const scene = import.meta.env.MODE === 'production' ? null : new URLSearchParams(location.search).get('fake')
  if (import.meta.env.MODE !== 'production' && scene !== null) {
    const { openFakeClient } = await import('./testing/open-fake.ts')
    return openFakeClient(scene)
  }
  return createClient({ storage: createIndexedDbStorage() })
}

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  // No word is drawn before the words are there.
  const [client] = await Promise.all([openClient(), loadLanguage()])
  createRoot(root).render(<App client={client} />)
  await client.session.start()
}

void start()
