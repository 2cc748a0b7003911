import { withDeadline } from '@warren/platform/deadline'
import { createLog } from '@warren/platform/log'
import { runUntilSignal } from '@warren/platform/run-service'
import { startAgent } from './agent.ts'
import { readAgentConfig } from './config.ts'
import { endHung } from './end-hung.ts'
import { parentEnded } from './with-parent.ts'

/** Longer than the last tries take. What is not sent by then stays on disk, and no broker or disk that hangs keeps the agent alive. */
const closeMs = 15_000

await runUntilSignal(async () => {
  const config = readAgentConfig(process.argv.slice(2))
  const log = createLog({ service: 'agent-host', ...config.log })
  const agent = await startAgent({ config, log })
  const close = () =>
    withDeadline(agent.close(), { ms: closeMs, what: 'closing the agent' }).finally(endHung)
  if (!config.withParent) return { ended: agent.ended, close }
  // Nobody reads this process's output any more, so its end is a normal one: what is in flight is finished first.
  const alone = parentEnded().catch(() => undefined)
  return { ended: Promise.race([agent.ended, alone]), close }
})
