import type { Health } from '@warren/contracts/http/status'
import { startAdminServer } from '@warren/platform/admin-server'
import { afterEach, expect, it } from 'vitest'
import { type PolledParts, pollParts } from './poll-parts.ts'

const since = new Date(0).toISOString()
const poller: Health = { part: 'poller/broker', state: 'red', reason: 'away', since }

let polled: PolledParts | undefined
afterEach(() => polled?.stop())

const serve = (parts: readonly Health[]) =>
  startAdminServer({
    host: '127.0.0.1',
    port: 0,
    version: '',
    registries: () => [],
    health: () => parts,
  })

it('has the parts of a service that is not ready', async () => {
  const admin = await serve([poller])
  polled = pollParts({ poller: `http://127.0.0.1:${admin.port}` })
  await expect.poll(() => polled?.read()).toEqual([poller])
  await admin.close()
})

it('shows one that does not answer as red, by its name, beside the others', async () => {
  const [gone, admin] = [await serve([]), await serve([poller])]
  await gone.close()
  polled = pollParts({
    collector: `http://127.0.0.1:${gone.port}`,
    poller: `http://127.0.0.1:${admin.port}/`,
  })
  await expect
    .poll(() => polled?.read())
    .toMatchObject([
      { part: 'collector', state: 'red', reason: expect.stringContaining('does not answer') },
      poller,
    ])
  await admin.close()
})
