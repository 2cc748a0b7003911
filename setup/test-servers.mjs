// `npm run test:servers`: the same contracts and promises on InfluxDB, Elasticsearch, PostgreSQL and VictoriaMetrics.
import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { findNode } from './node.mjs'
import { runMain } from './run.mjs'
import { runSuite } from './suites.mjs'

await runMain(async () => {
  await installDependencies()
  const node = findNode()
  await buildConsole(node)
  const passed = [
    await runSuite(node, { name: 'servers', project: 'servers' }),
    await runSuite(node, {
      name: 'e2e-external',
      project: 'e2e',
      env: { WARREN_TEST_SHAPE: 'external' },
    }),
  ]
  return passed.every(Boolean) ? 0 : 1
})
