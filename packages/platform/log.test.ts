import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

/** Writes lines for a while, as a service that catches what nobody caught, and says how it went. */
const program = `
  const { createLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
  const logs = ['one', 'other'].map((service) => createLog({ service, level: 'info', pretty: false }))
  let uncaught = 0
  process.on('uncaughtException', (error) => {
    uncaught++
    if (uncaught < 1000) logs[0].error(error.message)
  })
  let lines = 0
  const timer = setInterval(() => {
    for (const log of logs) log.info('line')
    if (++lines < 50) return
    clearInterval(timer)
    process.stderr.write(\`\${uncaught} uncaught\`)
  }, 5)
`

it('goes on when nobody reads it any more, and says nothing of that to itself', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await said).toBe('0 uncaught')
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
}, 30_000)
