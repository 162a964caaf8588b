import { engineName, type ServerUnderTest, serverName } from './server.ts'

type TestOptions = { skip?: string }

/** Marks a test of what one server alone does. The reason is a sentence for the list of differences. */
export function onlyOn(name: ServerUnderTest['name'], reason: string): TestOptions {
  return serverName === name ? {} : { skip: `Only ${name}: ${reason}` }
}

/** Marks a test of what the engine alone decides. */
export function onlyWithEngine(name: ServerUnderTest['engine'], reason: string): TestOptions {
  return engineName === name ? {} : { skip: `Only with the ${name} engine: ${reason}` }
}
