import { type Health, statusSchema } from '@warren/contracts/http/status'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'

const everyMs = 5000
const deadlineMs = 4000

export interface PolledParts {
  read(): readonly Health[]
  stop(): void
}

async function askParts(adminUrl: string): Promise<readonly Health[]> {
  const url = new URL('readyz?verbose', adminUrl.endsWith('/') ? adminUrl : `${adminUrl}/`)
  const answer = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) })
  // 503 has the parts too: it says that one of them is red.
  return statusSchema.parse(await answer.json()).parts
}

function pollPeer(name: string, adminUrl: string): PolledParts {
  const cell = createHealthCell(name)
  let parts: readonly Health[] | undefined
  const ask = async (): Promise<void> => {
    try {
      parts = await askParts(adminUrl)
    } catch (error) {
      parts = undefined
      cell.set('red', `it does not answer: ${reasonOf(error)}`)
    }
  }
  void ask()
  const timer = setInterval(() => void ask(), everyMs)
  return { read: () => parts ?? [cell.read()], stop: () => clearInterval(timer) }
}

/** The parts of services in other processes, asked every five seconds at their admin ports: a base URL for each name. */
export function pollParts(peers: Readonly<Record<string, string>>): PolledParts {
  const polled = Object.entries(peers).map(([name, adminUrl]) => pollPeer(name, adminUrl))
  return {
    read: () => polled.flatMap((peer) => peer.read()),
    stop: () => {
      for (const peer of polled) peer.stop()
    },
  }
}
