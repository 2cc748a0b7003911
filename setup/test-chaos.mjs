// `npm run test:chaos`: the short form of `npm run chaos` on both shapes, with a seed that stays, as suites that the sum counts: each fault is a test.
import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { findNode } from './node.mjs'
import { findRabbitmq } from './rabbitmq.mjs'
import { runMain } from './run.mjs'
import { runChaosSuite } from './suites.mjs'

const seed = 1

await runMain(async () => {
  await installDependencies()
  const node = findNode()
  await findRabbitmq({ yes: process.argv.includes('--yes') })
  await buildConsole(node)
  const passed = []
  for (const shape of ['embedded', 'external']) passed.push(await runChaosSuite(node, shape, seed))
  return passed.every(Boolean) ? 0 : 1
})
