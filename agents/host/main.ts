import { createLog } from '@warren/platform/log'
import { runUntilSignal } from '@warren/platform/run-service'
import { startAgent } from './agent.ts'
import { readAgentConfig } from './config.ts'
import { parentEnded } from './with-parent.ts'

await runUntilSignal(async () => {
  const config = readAgentConfig(process.argv.slice(2))
  const log = createLog({ service: 'agent-host', ...config.log })
  const agent = await startAgent({ config, log })
  if (!config.withParent) return agent
  // Nobody reads this process's output any more, so its end is a normal one: what is in flight is finished first.
  const alone = parentEnded().catch(() => undefined)
  return { ended: Promise.race([agent.ended, alone]), close: agent.close }
})
