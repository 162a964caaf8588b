import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../steps.ts'

const source = join(root, 'deploy/nginx')

/** What the template leaves open; deploy/README.md says the same. */
export type NginxValues = {
  listen: string
  /** Lines `server address:port;`. */
  backends: string
  centrifugo: string
  /** Address or network of the proxy in front whose word about clients counts. */
  frontProxy: string
  accessLog: string
  resolver: string
}

/** An address for documentation: nobody comes from there. */
export const noProxy = '192.0.2.1/32'

const variables: { [Value in keyof NginxValues]: string } = {
  listen: 'GRANDCHAT_LISTEN',
  backends: 'GRANDCHAT_BACKENDS',
  centrifugo: 'GRANDCHAT_CENTRIFUGO',
  frontProxy: 'GRANDCHAT_FRONT_PROXY',
  accessLog: 'GRANDCHAT_ACCESS_LOG',
  resolver: 'GRANDCHAT_RESOLVER',
}

/** What the official image does with a template (envsubst), except that a value that is missing is a mistake. */
export function render(template: string, values: NginxValues): string {
  const known = new Map(Object.entries(variables).map(([value, name]) => [name, values[value as keyof NginxValues]]))
  return template.replaceAll(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
    const value = known.get(name)
    if (value === undefined) throw new Error(`The template of Nginx asks for ${name}, which nobody sets.`)
    return value
  })
}

/** Lays out what the container has in /etc/nginx below a folder; returns the path of the main file. */
export async function writeNginxFiles(folder: string, values: NginxValues): Promise<string> {
  const main = join(folder, 'nginx.conf')
  const confd = join(folder, 'conf.d')
  await mkdir(confd, { recursive: true })
  await cp(join(source, 'nginx.conf'), main)
  await cp(join(source, 'snippets'), join(folder, 'snippets'), { recursive: true })
  const template = await readFile(join(source, 'templates/grandchat.conf.template'), 'utf8')
  await writeFile(join(confd, 'grandchat.conf'), render(template, values))
  // The places for what is too long for memory belong to the system's own Nginx.
  const places = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi']
  const lines = places.map((place) => `${place}_temp_path ${join(folder, place)};\n`)
  await writeFile(join(confd, 'native.conf'), lines.join(''))
  return main
}
