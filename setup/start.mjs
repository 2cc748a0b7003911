// `npm start`: everything a fresh clone needs, then `warren up`.
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { findNode, withNode } from './node.mjs'
import { findRabbitmq } from './rabbitmq.mjs'
import { root, runBound, runMain } from './run.mjs'

await runMain(async () => {
  const args = process.argv.slice(2)
  const yes = args.includes('--yes') || args.includes('-y')
  await installDependencies()
  const node = findNode()
  await findRabbitmq({ yes })
  await buildConsole(node)
  const rest = args.filter((arg) => arg !== '--yes' && arg !== '-y')
  return runBound(node, [join(root, 'cli', 'bin', 'warren.mjs'), 'up', ...rest], withNode(node))
})
