import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId } from '@warren/broker/message-id'
import type { Publisher } from '@warren/broker/publisher'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import type { HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { AgentConfig } from '../config.ts'
import { encode } from '../encode.ts'
import { type Batch, createBatch } from './batch.ts'
import { writeCheckpoints } from './checkpoints.ts'
import type { Followed } from './followed.ts'
import type { Reader } from './read-file.ts'
import type { TrackedFile } from './tracked-file.ts'

export interface ShipOptions {
  readonly followed: Followed
  readonly reader: Reader
  readonly publisher: Publisher
  readonly key: string
  readonly checkpointFile: string
  readonly config: Pick<AgentConfig, 'compression' | 'tailEveryMs'>
  readonly health: HealthCell
  readonly log: Log
}

const retry = { firstMs: 200, maxMs: 10_000 }

/** Reads the followed files in turn, one batch in flight: while the broker is away nothing more is read, the lines stay in their files.
 *  Checkpoints move only after the confirm. Resolves after the signal. */
export async function runShipping(options: ShipOptions, signal: AbortSignal): Promise<void> {
  const { followed, config } = options
  while (!signal.aborted) {
    const batch = createBatch()
    const more = await fillBatch(options, batch)
    if (!(await deliver(options, batch, signal))) return
    for (const file of [...followed.files.values()]) if (file.done) await followed.forget(file)
    if (!more) await sleep(config.tailEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Publishes the batch and moves the checkpoints; false when the signal came before the confirm. */
async function deliver(options: ShipOptions, batch: Batch, signal: AbortSignal): Promise<boolean> {
  if (batch.records === 0) {
    batch.commit()
    return true
  }
  while (batch.hasUnsaved && !(await save(options))) {
    if (signal.aborted) return false
    await sleep(retry.maxMs, undefined, { signal }).catch(() => undefined)
  }
  if (!(await send(options, batch, signal))) return false
  batch.commit()
  // Without it a crash would only send the same records again, with the same ids.
  await save(options)
  return true
}

/** False when the disk does not take them; then `health` says so. */
async function save({ followed, checkpointFile, health, log }: ShipOptions): Promise<boolean> {
  const files = [...followed.files.values()]
  const generations = files.map((file) => file.confirmed.generation)
  try {
    await writeCheckpoints(checkpointFile, followed.checkpoints())
  } catch (error) {
    const reason = `checkpoints cannot be written: ${reasonOf(error)}`
    health.set('red', reason)
    log.error(reason)
    return false
  }
  for (const [index, file] of files.entries()) file.savedGeneration = generations[index]
  return true
}

/** One turn after another until the batch is full or no file has more; true in the first case. */
async function fillBatch(options: ShipOptions, batch: Batch): Promise<boolean> {
  let eager = [...options.followed.files.values()]
  while (eager.length > 0) {
    const again: TrackedFile[] = []
    for (const file of eager) {
      if (batch.full) return true
      if (await readTurn(options, file, batch)) again.push(file)
    }
    eager = again
  }
  return batch.full
}

async function readTurn(
  { followed, reader, log }: ShipOptions,
  file: TrackedFile,
  batch: Batch,
): Promise<boolean> {
  if (file.predecessor !== undefined) {
    if (!hasEnded(file.predecessor)) return false
    file.predecessor = undefined
  }
  try {
    return await reader.read(file, batch)
  } catch (error) {
    log.warn('file cannot be read', { path: file.path, reason: reasonOf(error) })
    await followed.forget(file)
    return false
  }
}

/** Everything that was in it at the last look was taken, but for a line whose end is missing. */
const hasEnded = (file: TrackedFile): boolean =>
  file.seen.size >= 0 && (file.offset >= file.seen.size || file.waiting)

/** True once confirmed; false when the signal came first. */
async function send(options: ShipOptions, batch: Batch, signal: AbortSignal): Promise<boolean> {
  const { publisher, key, config, health, log } = options
  const encoded = await encode(batch.body(), config.compression)
  const message = {
    exchange: exchanges.logs,
    key,
    contentType: contentTypes.ndjson,
    messageId: newMessageId(),
    ...encoded,
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      await publisher.publish(message)
      health.set('green')
      return true
    } catch (error) {
      const reason = reasonOf(error)
      if (attempt === 0) log.warn('logs wait in their files', { reason })
      health.set('red', `logs wait in their files: ${reason}`)
    }
    if (signal.aborted) return false
    await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined)
  }
}
