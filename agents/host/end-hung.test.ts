import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** How a process ends that makes a call and then looks for one that has not returned before it exits. */
function endAfter(call: string) {
  const script = `
    import { open } from 'node:fs/promises'
    import { endHung } from ${JSON.stringify(join(import.meta.dirname, 'end-hung.ts'))}
    ${call}
    endHung()
    process.exit(0)`
  const node = ['--input-type=module', '--eval', script]
  const { status, signal } = spawnSync(process.execPath, node, { timeout: 15_000 })
  return { status, signal }
}

test('a call that does not return holds up no end', () => {
  // Nobody writes to the other end of the terminal, so that to read it takes as long as it takes from a dead disk.
  const hangs = "const terminal = await open('/dev/ptmx'); terminal.read().catch(() => undefined)"
  expect(endAfter(hangs)).toEqual({ status: null, signal: 'SIGKILL' })
})

test('a process whose calls have all returned exits in order', () => {
  expect(endAfter("await (await open('/')).close()")).toEqual({ status: 0, signal: null })
})
