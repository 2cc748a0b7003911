// The last lines of CI: what failed, then the sum over all suites. A skipped test is a failure there.
import { runMain, say } from './run.mjs'
import { readCounts, readFailures } from './suites.mjs'

await runMain(async () => {
  const suites = [
    ...['unit', 'int', 'e2e-embedded', 'servers', 'e2e-external'],
    ...['chaos-embedded', 'chaos-external'],
  ]
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const suite of suites) {
    const counts = readCounts(suite)
    for (const key of Object.keys(total)) total[key] += counts[key]
    for (const failure of readFailures(suite)) say(`FAILED ${failure}`)
    if (counts.skipped > 0) say(`${suite}: ${counts.skipped} skipped, which CI does not allow`)
  }
  const failed = total.failed + total.skipped
  process.stdout.write(`${total.passed} passed, ${failed} failed\n`)
  return failed === 0 && total.passed > 0 ? 0 : 1
})
