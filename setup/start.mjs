// `npm start`: everything a fresh clone needs, then `warren up`.
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { findNode, withNode } from './node.mjs'
import { findRabbitmq } from './rabbitmq.mjs'
import { root, run, runMain } from './run.mjs'

await runMain(async () => {
  const args = process.argv.slice(2)
  const yes = args.includes('--yes') || args.includes('-y')
  await installDependencies()
  const node = findNode()
  await findRabbitmq({ yes })
  await buildConsole(node)
  // `up` gets the terminal's signals itself; this process waits for it to drain.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
  const rest = args.filter((arg) => arg !== '--yes' && arg !== '-y')
  return run(node, [join(root, 'cli', 'bin', 'warren.mjs'), 'up', ...rest], { env: withNode(node) })
})
