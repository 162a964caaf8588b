// Runs a TypeScript file of ours under the right Node: node bin/run.mjs tools/test.ts ...arguments
import { runChild, watchOption } from './child.mjs'
import { ensure, toolEnvironment } from './ensure.mjs'
import { Failure, main } from './progress.mjs'

await main(async () => {
  const [script, ...args] = process.argv.slice(2)
  if (!script) throw new Failure('Usage: node bin/run.mjs <script.ts> [arguments]')
  const node = await ensure()
  return runChild(node, [watchOption, script, ...args], { env: toolEnvironment() })
})
