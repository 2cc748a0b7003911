import { setTimeout as delay } from 'node:timers/promises'
import { dataStreamOf } from '@warren/contracts/names'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { freeBytes } from '@warren/platform/free-bytes'
import { nameAt } from '../../item-names.ts'
import { countIds, idAt } from '../../record-ids.ts'
import type { RefusedItem, WriteOutcome } from '../../write-outcome.ts'
import type { RecordBatch } from '../log-store.ts'
import { bulkFields, indexOfAll, parseItems } from './bulk-answer.ts'
import { BulkBodies } from './bulk-body.ts'
import { type BulkItem, toOutcome } from './bulk-outcome.ts'
import { parseReply, reasonIn } from './client.ts'
import { findIds } from './known-ids.ts'
import { removeRepeats } from './repeats.ts'
import type { Placed, Writer } from './writer.ts'

/** One call of `write` under way. */
interface Progress {
  readonly batch: RecordBatch
  readonly bodies: BulkBodies
  /** By position: an item may be refused again when its request is repeated. */
  readonly refused: Map<number, RefusedItem>
  /** What came to rest elsewhere than in the index that we take for the youngest. */
  readonly placed: Placed[]
  /** Items without an outcome, in their order. */
  open: readonly number[]
  /** An item of this call is known to be stored. */
  stored: boolean
  /** Why the last open item is open. */
  reason: string
  /** How long the server asked to be left alone, the last time. */
  retryAfterMs: number
}

/** Attempts without any item stored, after which the caller may rather keep the batch. */
const fruitlessAttempts = 5
const pause = { firstMs: 100, maxMs: 10_000 }
/** A proxy may ask for a day. */
const maxRetryAfterMs = 60_000

/** 1. Make sure of the template and of what is known of the streams.
 *  2. Leave out what an index from before a rollover already holds.
 *  3. `_bulk` the open items until each has an outcome; what is stored is never sent again.
 *  4. Take back what a rollover in between let in twice. */
export async function writeBatch(writer: Writer, batch: RecordBatch): Promise<WriteOutcome> {
  const progress: Progress = {
    batch,
    bodies: new BulkBodies(batch),
    refused: new Map(),
    placed: [],
    open: Array.from({ length: countIds(batch.ids) }, (_, item) => item),
    stored: false,
    reason: '',
    retryAfterMs: 0,
  }
  if (progress.open.length > 0) {
    await prepareStreams(writer, batch)
    await leaveOutKnown(writer, progress)
    for (let attempt = 0; progress.open.length > 0; attempt++) {
      if (attempt > 0) await waitBefore(writer, progress, attempt)
      await sendOpen(writer, progress)
    }
    await takeBackRepeats(writer, progress)
  }
  // Requests have bodies of their own.
  batch.release?.()
  return { refused: [...progress.refused.values()].sort((a, b) => a.index - b.index) }
}

async function prepareStreams({ template, indices }: Writer, batch: RecordBatch): Promise<void> {
  await template.ensure()
  const isNew = streamsOf(batch).some((stream) => !indices.knows(batch.tenant, stream))
  if (!isNew) return
  // A stream made without our template would keep Elasticsearch's own mappings for ever.
  await template.put()
  await indices.read(batch.tenant)
}

const streamsOf = ({ datasets, tenant }: RecordBatch): readonly string[] =>
  datasets.names.map((dataset) => dataStreamOf(dataset, tenant))

async function leaveOutKnown({ client, indices }: Writer, progress: Progress): Promise<void> {
  const { batch } = progress
  const isFirst = (stream: string) => indices.older(batch.tenant, stream).length === 0
  if (streamsOf(batch).every(isFirst)) return
  const known = new Set<number>()
  for (const [stream, items] of byStream(batch, progress.open)) {
    const older = indices.older(batch.tenant, stream)
    const ids = await findIds(
      client,
      older,
      items.map((item) => idAt(batch.ids, item)),
    )
    for (const item of items) if (ids.has(idAt(batch.ids, item))) known.add(item)
  }
  if (known.size === 0) return
  progress.stored = true
  progress.open = progress.open.filter((item) => !known.has(item))
}

function byStream(batch: RecordBatch, items: readonly number[]): Map<string, number[]> {
  return Map.groupBy(items, (item) => dataStreamOf(nameAt(batch.datasets, item), batch.tenant))
}

/** Until it is done or the store is closed: the next delivery would find the first copy and leave the second one be. */
async function takeBackRepeats(writer: Writer, progress: Progress): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      return await removeRepeats(writer, progress.batch, progress.placed)
    } catch (error) {
      progress.reason = reasonOf(error)
      await waitBefore(writer, progress, attempt)
    }
}

async function waitBefore(writer: Writer, progress: Progress, attempt: number): Promise<void> {
  if (!progress.stored && attempt >= fruitlessAttempts)
    throw new WarrenError(`Elasticsearch takes no record now: ${progress.reason}`, {
      code: 'store_overloaded',
      disposition: 'retry',
    })
  const ms = Math.max(backoffMs(attempt, pause), Math.min(progress.retryAfterMs, maxRetryAfterMs))
  progress.retryAfterMs = 0
  try {
    await delay(ms, undefined, { signal: writer.closing })
  } catch (cause) {
    throw new WarrenError(`the store was closed with records open: ${progress.reason}`, {
      code: 'store_closed',
      disposition: 'retry',
      cause,
    })
  }
}

/** Gives every open item one chance; those that still have no outcome stay open. */
async function sendOpen(writer: Writer, progress: Progress): Promise<void> {
  const runs = progress.bodies.cut(progress.open, writer.maxBulkBytes)
  const still: number[] = []
  for (const run of runs) {
    try {
      still.push(...(await sendRun(writer, progress, run)))
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error
      // Items may be stored although no answer came; sending them again is harmless.
      progress.reason = error.message
      progress.retryAfterMs = error.retryAfterMs ?? 0
      still.push(...run)
      if (!progress.stored) throw error
    }
  }
  progress.open = still
}

/** Sends one `_bulk`; returns the items to send again. */
async function sendRun(
  writer: Writer,
  progress: Progress,
  run: readonly number[],
): Promise<readonly number[]> {
  const lines = progress.bodies.of(run)
  const { status, bytes, isSent } = await writer.client.askRaw({
    method: 'POST',
    path: '/_bulk',
    // Without it a stream whose template is missing would become a plain index.
    querystring: { require_data_stream: true, filter_path: bulkFields },
    lines,
    signal: writer.closing,
  })
  if (isSent) freeBytes(lines)
  if (status >= 300) {
    const body = parseReply({ status, bytes })
    return await afterRefusal(writer, progress, { run, status, body })
  }
  const index = indexOfAll(bytes, run.length)
  if (index !== undefined) {
    placeAll(writer, progress, { run, backingIndex: index })
    return []
  }
  const items = parseItems(bytes)
  const again: number[] = []
  run.forEach((item, position) => {
    if (!record(writer, progress, { item, answer: items[position]?.create })) again.push(item)
  })
  if (again.length > 0) await writer.template.put()
  return again
}

type Place = Pick<Placed, 'item' | 'backingIndex'>

/** Notes that an index holds the record. */
function place({ indices }: Writer, progress: Progress, { item, backingIndex }: Place): void {
  const { batch, placed } = progress
  progress.stored = true
  const stream = dataStreamOf(nameAt(batch.datasets, item), batch.tenant)
  if (indices.isWriteIndex(batch.tenant, stream, backingIndex)) return
  placed.push({ item, stream, backingIndex })
}

/** Notes that an index holds all of them: they are of one stream, then. */
function placeAll(
  writer: Writer,
  progress: Progress,
  { run, backingIndex }: { readonly run: readonly number[]; readonly backingIndex: string },
): void {
  const before = progress.placed.length
  for (const item of run) {
    place(writer, progress, { item, backingIndex })
    // The index that we know: so it is for all of them.
    if (progress.placed.length === before) return
  }
}

interface Answered {
  readonly item: number
  readonly answer: BulkItem | undefined
}

/** Notes an item's outcome; false when it has none yet. */
function record(writer: Writer, progress: Progress, { item, answer }: Answered): boolean {
  const outcome = toOutcome(answer ?? { status: 500 })
  switch (outcome.kind) {
    case 'again':
      progress.reason = outcome.reason
      return false
    case 'refused':
      progress.refused.set(item, { index: item, ...outcome.refusal })
      return true
    case 'stored':
      place(writer, progress, { item, backingIndex: outcome.backingIndex })
      return true
  }
}

interface Refusal {
  readonly run: readonly number[]
  readonly status: number
  readonly body: unknown
}

/** A body refused as a whole (413, 400) is halved until the item to blame is alone. */
async function afterRefusal(
  writer: Writer,
  progress: Progress,
  { run, status, body }: Refusal,
): Promise<readonly number[]> {
  const [only] = run
  if (only !== undefined && run.length === 1) {
    const code = status === 413 ? 'too_large' : 'refused_by_store'
    const reason = `HTTP ${status}: ${reasonIn(body)}`
    progress.refused.set(only, { index: only, code, reason })
    return []
  }
  const middle = run.length >> 1
  const halves = [run.slice(0, middle), run.slice(middle)]
  const again: number[] = []
  for (const half of halves) again.push(...(await sendRun(writer, progress, half)))
  return again
}
