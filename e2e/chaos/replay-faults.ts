import { deadLetterListSchema, replaySchema } from '@warren/contracts/http/dead-letters'
import { type Client, eventually } from '../client.ts'
import type { Fault } from './fault.ts'

const letters = '/api/v1/dead-letters'
const replays = '/api/v1/dead-letter-replays'
const perSecond = 10
/** Sent before the kill. */
const some = 10
/** Longer than another api waits for the one that has claimed a replay. */
const doneWithinMs = 120_000

const read = async (client: Client, id: string) =>
  replaySchema.parse(await client.get(`${replays}/${id}`))

async function untilSomeAreParked(client: Client, firstSeenFrom: string): Promise<void> {
  const query = new URLSearchParams({ limit: '1', firstSeenFrom })
  await eventually(async () => {
    const { matching } = deadLetterListSchema.parse(await client.get(`${letters}?${query}`))
    return matching > 4 * some ? true : undefined
  }, doneWithinMs)
}

/** Letters of this load are sent again, and come back as the same ones: nothing of them has changed. */
export const apiKilled: Fault = {
  name: 'api killed in the middle of a replay',
  target: 'api',
  counts: 'nothing',
  short: false,
  run: async ({ client, killApi }) => {
    const firstSeenFrom = new Date().toISOString()
    await untilSomeAreParked(client, firstSeenFrom)
    const wanted = { firstSeenFrom, perSecond }
    const { id } = replaySchema.parse(await client.post(replays, wanted))
    await eventually(async () => ((await read(client, id)).sent >= some ? true : undefined), 60_000)
    await killApi()
    const { state } = await read(client, id)
    if (state !== 'running') throw new Error(`the replay was ${state} before the kill`)
    await eventually(
      async () => ((await read(client, id)).state === 'done' ? true : undefined),
      doneWithinMs,
    )
  },
}
