import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '@warren/platform/errors'
import type { AgentConfig } from '../config.ts'
import { readCheckpoints, writeCheckpoints } from './checkpoints.ts'
import { createFollowed, type Followed } from './followed.ts'
import { createReader } from './read-file.ts'
import type { RecordOrigin } from './record.ts'
import { runShipping, type ShipOptions } from './ship.ts'

export interface TailOptions extends Pick<ShipOptions, 'publisher' | 'key' | 'health' | 'log'> {
  readonly config: AgentConfig
  readonly origin: RecordOrigin
}

/** Follows the configured files until the signal; throws when its checkpoints are damaged. */
export async function runTail(options: TailOptions, signal: AbortSignal): Promise<void> {
  const { config, log, origin, health } = options
  if (config.tail.length === 0) {
    health.set('green')
    return
  }
  const checkpointFile = join(config.dataDir, 'checkpoints.json')
  const saved = await readCheckpoints(checkpointFile)
  const followed = createFollowed({ tails: config.tail, saved, log })
  await followed.discover()
  // From now on files that these globs come to match are new ones. A full disk must not end what the agent says of it: they are written again before the first record is sent.
  try {
    await writeCheckpoints(checkpointFile, followed.checkpoints())
    health.set('green')
  } catch (error) {
    const reason = `checkpoints cannot be written: ${reasonOf(error)}`
    health.set('red', reason)
    log.error(reason)
  }
  const reader = createReader(origin, config.maxLineBytes)
  await Promise.all([
    runShipping({ ...options, followed, reader, checkpointFile }, signal),
    runDiscovery({ followed, config, log }, signal),
  ])
  await writeCheckpoints(checkpointFile, followed.checkpoints())
  await followed.close()
}

interface DiscoveryOptions extends Pick<TailOptions, 'config' | 'log'> {
  readonly followed: Followed
}

/** Goes on while the broker is away: a rotated file is held open before it is removed. */
async function runDiscovery(
  { followed, config, log }: DiscoveryOptions,
  signal: AbortSignal,
): Promise<void> {
  let last = Date.now()
  while (!signal.aborted) {
    await sleep(config.tailEveryMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      const isDue = Date.now() - last >= config.discoverEveryMs
      if (!isDue && !(await followed.hasRotated())) continue
      last = Date.now()
      await followed.discover()
    } catch (error) {
      log.warn('looking for files failed', { reason: reasonOf(error) })
    }
  }
}
