// npm start: prepares what is missing, then runs the server.
import { runChild, watchOption } from './child.mjs'
import { ensure, toolEnvironment } from './ensure.mjs'
import { main } from './progress.mjs'
import { buildWebApp } from './web-app.mjs'

await main(async () => {
  const node = await ensure()
  const env = toolEnvironment()
  await buildWebApp(node, env)
  return runChild(node, [watchOption, 'server/main.ts', ...process.argv.slice(2)], { env })
})
