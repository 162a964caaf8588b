import { type AddressInfo, createServer } from 'node:net'

/** A port for a server that must come back on it. Somebody else might take it first; the kernel hands them out by turns. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
