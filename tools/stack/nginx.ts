import { run } from '../steps.ts'
import { installFromDebian } from './debian.ts'
import { type NginxValues, writeNginxFiles } from './nginx-files.ts'
import { isListening } from './ports.ts'
import { type Program, startProgram } from './program.ts'

/** Installs Nginx if it is not there and can be had; else throws a sentence. */
export async function ensureNginx(): Promise<void> {
  if (!(await isInstalled())) await installFromDebian('nginx')
  if (!(await isInstalled()))
    throw new Error('Nginx is needed: install it (apt-get install nginx, brew install nginx).')
}

export const isInstalled = async () => (await run(['nginx', '-v'], { isQuiet: true })).code === 0

/** `nginx -t`: what is wrong with the files, or nothing. */
export async function checkNginxFiles(folder: string, main: string): Promise<string> {
  const { code, output } = await run(['nginx', ...argumentsFor(folder, main), '-t'], { isQuiet: true })
  return code === 0 && !output.includes('[warn]') ? '' : output
}

export async function startNginx(folder: string, port: number, values: NginxValues): Promise<Program> {
  const main = await writeNginxFiles(folder, values)
  const nginx = startProgram('Nginx', ['nginx', ...argumentsFor(folder, main)])
  await nginx.until(() => isListening(port))
  return nginx
}

function argumentsFor(folder: string, main: string): string[] {
  // The folder is ours alone; nobody else could write there.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return ['-p', folder, '-c', main, '-e', 'stderr', '-g', `daemon off; pid ${folder}/nginx.pid; ${user}`]
}
