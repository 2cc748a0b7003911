import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withNode } from './node.mjs'
import { root, run } from './run.mjs'

const results = join(root, 'test-results')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

const readReport = (name) => {
  const file = join(results, `${name}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

const isBroken = ({ status, assertionResults }) =>
  status === 'failed' && assertionResults.length === 0

/** What one suite's JSON report says; a file that failed to load counts as one failure. */
export function readCounts(name) {
  const report = readReport(name)
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.testResults.filter(isBroken).length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

const firstLines = (text = '') => text.split('\n').slice(0, 6).join('\n    ')

/** Each failure of a suite: where, what, and the beginning of why. */
export function readFailures(name) {
  const report = readReport(name)
  if (report === undefined) return [`${name}: no report; the suite did not run to its end`]
  return report.testResults.flatMap((file) => {
    const path = relative(root, file.name)
    if (isBroken(file)) return [`${name}: ${path}\n    ${firstLines(file.message)}`]
    return file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages: [why] }) =>
          `${name}: ${path}: ${fullName}\n    ${firstLines(why)}`,
      )
  })
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
