// `npm run unit`: the tests that need no server at all.
import { findNode } from './node.mjs'
import { runMain } from './run.mjs'
import { runSuite } from './suites.mjs'

await runMain(async () =>
  (await runSuite(findNode(), { name: 'unit', project: 'unit', args: process.argv.slice(2) }))
    ? 0
    : 1,
)
