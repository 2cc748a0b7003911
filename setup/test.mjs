// `npm test`: every test that needs no other server than RabbitMQ, and all the set-up for it.
import { existsSync } from 'node:fs'
import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { findNode } from './node.mjs'
import { findRabbitmq } from './rabbitmq.mjs'
import { runMain, say } from './run.mjs'
import { runSuite } from './suites.mjs'

await runMain(async () => {
  const yes = process.argv.includes('--yes') || process.argv.includes('-y')
  await installDependencies()
  const node = findNode()
  await findRabbitmq({ yes })
  await buildConsole(node)
  if (!existsSync('/usr/bin/chromium') && process.env.WARREN_TEST_CHROMIUM === undefined)
    say('no browser: /usr/bin/chromium is absent; the browser tests are left out')
  const passed = [
    await runSuite(node, { name: 'unit', project: 'unit' }),
    await runSuite(node, { name: 'int', project: 'int' }),
    await runSuite(node, {
      name: 'e2e-embedded',
      project: 'e2e',
      env: { WARREN_TEST_SHAPE: 'embedded' },
    }),
  ]
  return passed.every(Boolean) ? 0 : 1
})
