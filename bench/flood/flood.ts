import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { askHost, type Client } from './ask-host.ts'
import type { FloodEnded, FloodOrder } from './flood-process.ts'

/** Clients that ask as fast as they are answered, and wait when they are told to: until they are told to end. */
async function flood(clients: readonly Client[], until: AbortSignal): Promise<number> {
  let answered = 0
  const work = async (client: Client) => {
    for (let number = 0; !until.aborted; number++) {
      const { status, retryAfterS } = await askHost(client, number % 10)
      if (status === 200) answered++
      else await sleep(retryAfterS * 1000, undefined, { signal: until }).catch(() => undefined)
    }
  }
  await Promise.all(clients.map(work))
  return answered
}

process.once('message', ({ url, tokens, clients }: FloodOrder) => {
  const agent = new Agent({ keepAlive: true })
  const end = new AbortController()
  process.once('message', () => end.abort())
  const all = Array.from({ length: clients }, (_, index) => ({
    ...{ url, agent, token: tokens[index % tokens.length] ?? '' },
  }))
  void flood(all, end.signal).then((answered) => {
    agent.destroy()
    process.send?.({ answered } satisfies FloodEnded, () => process.disconnect())
  })
})
