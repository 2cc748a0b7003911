import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that the system gives to connections (32768 on Linux), one of which would otherwise take a port before its server does. */
const firstPort = 10_000
/** Of each process that tests run in at once; they number themselves from 1. */
const portsOfOne = 2_500
const places = 9
const place = Number(process.env['VITEST_POOL_ID'] ?? 0) % places
const first = firstPort + place * portsOfOne
let next = randomInt(portsOfOne)

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ])
  server.listen(port, '127.0.0.1')
  if (!(await listening)) return false
  server.close()
  await once(server, 'close')
  return true
}

/** A TCP port that nobody listens on at 127.0.0.1, and that no other test is given soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsOfOne; tries++) {
    const port = first + next
    next = (next + 1) % portsOfOne
    if (await isFree(port)) return port
  }
  throw new Error('every port of this process is taken')
}
