import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

// V8 says nothing about a flag that it does not know when it is set at run time.
test.each(['invocation-count-for-turbofan', 'heap-growing-percent'])(
  'this Node.js knows --%s, which Warren sets',
  (flag) => {
    const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
    expect(options).toContain(`  --${flag} (`)
  },
)
