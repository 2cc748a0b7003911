import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withNode } from './node.mjs'
import { root, run } from './run.mjs'

const results = join(root, 'test-results')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

/** What one suite's JSON report says; a file that failed to load counts as one failure. */
export function readCounts(name) {
  const file = join(results, `${name}.json`)
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

/** Runs one vitest project under a name of its own; resolves with whether all of it passed. */
export async function runSuite(node, { name, project, env = {}, args = [] }) {
  mkdirSync(results, { recursive: true })
  const file = join(results, `${name}.json`)
  rmSync(file, { force: true })
  const code = await run(
    node,
    [
      vitest,
      'run',
      ...['--project', project, '--reporter=default', '--reporter=json'],
      `--outputFile.json=${file}`,
      ...args,
    ],
    { env: { ...withNode(node), ...env } },
  )
  return code === 0
}
