import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withNode } from './node.mjs'
import { root, run } from './run.mjs'

const results = join(root, 'test-results')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

const readReport = (name) => {
  const file = join(results, `${name}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** It failed to load, or before its first test. */
const isBroken = ({ status, assertionResults }) =>
  status === 'failed' && assertionResults.every((test) => test.status !== 'failed')

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

const chaos = join(root, 'e2e', 'chaos', 'main.ts')

/** One fault as vitest reports a test. */
const toAssertion =
  ({ seed }) =>
  (row) => {
    const { fault, items, lost, duplicated, recoveredMs, counters, trouble, holds } = row
    const why = JSON.stringify({ seed, items, lost, duplicated, recoveredMs, counters, trouble })
    return {
      fullName: fault,
      status: holds ? 'passed' : 'failed',
      failureMessages: holds ? [] : [why],
    }
  }

/** A result of `npm run chaos -- --json` in the form of vitest's JSON reporter, as far as it is read here. */
function toReport(result) {
  const assertionResults = result.rows.map(toAssertion(result))
  const countOf = (wanted) => assertionResults.filter(({ status }) => status === wanted).length
  return {
    numPassedTests: countOf('passed'),
    numFailedTests: countOf('failed'),
    numPendingTests: 0,
    testResults: [{ name: chaos, status: 'passed', assertionResults }],
  }
}

/** Runs the short form of `npm run chaos` on one shape as the suite `chaos-<shape>`; resolves with whether every fault was got over. */
export async function runChaosSuite(node, shape, seed) {
  mkdirSync(results, { recursive: true })
  const file = join(results, `chaos-${shape}.json`)
  const rows = join(results, `chaos-${shape}.rows.json`)
  for (const old of [file, rows]) rmSync(old, { force: true })
  const options = ['--short', '--shape', shape, '--seed', String(seed), '--json', rows]
  const code = await run(node, [chaos, ...options], { env: withNode(node) })
  if (existsSync(rows)) {
    const report = toReport(JSON.parse(readFileSync(rows, 'utf8')))
    writeFileSync(file, JSON.stringify(report))
  }
  return code === 0
}
