import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where fetched programs are kept from run to run. */
export const userCache = () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'grandchat', 'stack')
