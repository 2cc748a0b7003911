import { readBody } from '@warren/broker/decode-body'
import { type Delivery, freeBody, likelySizeOf, type Outcome } from '@warren/broker/delivery'
import { maxMessageBytes } from '@warren/contracts/message'
import { WarrenError } from '@warren/platform/errors'
import type { RefusedItem } from '@warren/stores/write-outcome'
import type { Batcher, Written } from './batcher.ts'
import {
  type Chunk,
  countOf,
  freeChunk,
  type Normalised,
  type RefusedLine,
  withoutBody,
} from './chunk.ts'
import type { PollerSettings } from './config.ts'
import type { Parker } from './dead-letters/park.ts'
import type { FairRoom } from './fairness/fair-room.ts'
import type { Mover } from './fairness/mover.ts'
import type { MoveReason, Shares } from './fairness/shares.ts'
import type { MetadataTaker } from './metadata/take-metadata.ts'
import { type Origin, wholeMessage } from './origin.ts'
import type { RuleBook } from './rules/rule-book.ts'
import type { StreamSource } from './stream-source.ts'
import { timeWindow } from './time-window.ts'

/** What the deliveries of one stream share, wherever they come from. */
export interface Stages<C extends Chunk> {
  readonly settings: Pick<PollerSettings, 'maxAheadMs' | 'maxBehindMs'>
  /** Those that hold now. */
  readonly rules: () => RuleBook
  readonly aside: Pick<MetadataTaker, 'takes' | 'take'> | undefined
  readonly limit:
    | ((tenant: string, normalised: Normalised<C>) => Promise<Normalised<C>>)
    | undefined
  readonly onDropped: (items: number) => void
  /** As in `StreamOptions`. */
  readonly isHeldBack: (tenant: string) => boolean
  readonly parker: Parker
  readonly batcher: Batcher<C>
  readonly shares: Shares
  readonly mover: Mover
  readonly onMoved: (reason: MoveReason) => void
  readonly room: FairRoom
  /** Counts items: a body of tiny records is little in bytes and much in objects. */
  readonly itemRoom: FairRoom
}

/** A message that came more often may be what brings the process down, so it shares its batch with no other. */
const maxSharedDeliveries = 3

const tooManyLetters = new WarrenError('more dead letters of the tenant wait than may', {
  code: 'dead_letters_full',
  disposition: 'retry',
})

/** The stages of one delivery: known key → moved, or unpacked → normalised → batched and written → refused items parked → outcome.
 *  Throws a `WarrenError` (reject) with a dead-letter code when the message as a whole cannot be stored. */
export async function storeDelivery<C extends Chunk>(
  delivery: Delivery,
  source: StreamSource<C>,
  stages: Stages<C>,
): Promise<Outcome> {
  const origin = await source.originOf(delivery)
  if (!(await isMoved(delivery, { source, origin }, stages)))
    await storeHeld(delivery, { source, origin }, stages)
  return { type: 'ack' }
}

interface Given<C extends Chunk> {
  readonly source: StreamSource<C>
  readonly origin: Origin
}

async function isMoved<C extends Chunk>(
  delivery: Delivery,
  { source, origin: { tenant } }: Given<C>,
  { shares, mover, onMoved, isHeldBack }: Stages<C>,
): Promise<boolean> {
  // What has moved is in its tenant's queue already.
  if (source.isShared !== true) {
    if (isHeldBack(tenant)) throw tooManyLetters
    return false
  }
  const reason = isHeldBack(tenant) ? 'letters' : shares.reasonToMove(tenant)
  if (reason === undefined) return false
  const moved = await mover.move(delivery, tenant)
  if (moved) onMoved(reason)
  return moved
}

async function storeHeld<C extends Chunk>(
  delivery: Delivery,
  { source, origin }: Given<C>,
  stages: Stages<C>,
): Promise<void> {
  const { room, shares, parker } = stages
  const { tenant } = origin
  const isPacked = delivery.properties.contentEncoding !== undefined
  let held = likelySizeOf(delivery.body.length, delivery.properties.contentEncoding)
  let taken = 0
  shares.hold(tenant, held)
  try {
    const wanted = isPacked ? maxMessageBytes : delivery.body.length
    await room.take(tenant, wanted, held)
    taken = wanted
    const { bodyBytes, ...read } = await readDelivery(delivery, { source, origin }, stages)
    const { chunk, refused, dropped = 0 } = await read.normalised
    // Known only now: what it needs not would keep other messages out until the batch is written.
    const needed = Math.max(bodyBytes, chunk.bytes.length)
    room.give(tenant, taken - needed)
    taken = needed
    shares.hold(tenant, needed - held)
    held = needed
    // What is refused or left out was work all the same.
    shares.spend(tenant, countOf(chunk) + refused.length + dropped, bodyBytes)
    const alone = delivery.deliveryCount > maxSharedDeliveries
    const written = await writeChunk({ tenant, chunk, alone }, stages)
    const parked = [...refused, ...written.refused.map((item) => toRefusedLine(chunk, item))]
    await parker.park(delivery, origin, parked)
    // Not after an error: then somebody may still read it.
    if (!written.isReleased) return
    freeChunk(chunk, delivery.body)
    // A socket may still hold a dead letter that was sent anew.
    if (parked.length === 0) freeBody(delivery)
  } finally {
    room.give(tenant, taken)
    shares.hold(tenant, -held)
  }
}

interface Read<C extends Chunk> {
  readonly bodyBytes: number
  readonly normalised: Normalised<C> | Promise<Normalised<C>>
}

/** Unpacks and normalises at once: the body may be lent until then. */
function readDelivery<C extends Chunk>(
  delivery: Delivery,
  { source, origin }: Given<C>,
  { settings, rules, aside, limit, onDropped }: Stages<C>,
): Promise<Read<C>> {
  const { maxAheadMs, maxBehindMs } = settings
  const window = timeWindow(Date.now(), maxAheadMs, { maxBehindMs, rules: rules() })
  return readBody(delivery, (body, owner) => {
    const bodyBytes = body.length
    if (aside?.takes(delivery) === true) {
      const { chunk } = source.normalise(Buffer.alloc(0), origin, window)
      const normalised = aside.take(body, origin).then((refused) => ({ chunk, refused }))
      return { bodyBytes, normalised }
    }
    const normalised = withoutBody(source.normalise(body, origin, window), body, owner)
    const { dropped = 0 } = normalised
    if (dropped > 0) onDropped(dropped)
    return { bodyBytes, normalised: limit?.(origin.tenant, normalised) ?? normalised }
  })
}

const nothingWritten: Written = { refused: [], isReleased: true }

interface ChunkToWrite<C> {
  readonly tenant: string
  readonly chunk: C
  readonly alone: boolean
}

async function writeChunk<C extends Chunk>(
  { tenant, chunk, alone }: ChunkToWrite<C>,
  { batcher, itemRoom }: Stages<C>,
): Promise<Written> {
  const items = countOf(chunk)
  if (items === 0) return nothingWritten
  await itemRoom.take(tenant, items)
  try {
    return await batcher.add(tenant, chunk, alone)
  } finally {
    itemRoom.give(tenant, items)
  }
}

function toRefusedLine(chunk: Chunk, { index, code, reason }: RefusedItem): RefusedLine {
  return {
    index: chunk.positions[index] ?? wholeMessage,
    code,
    reason,
    bytes: chunk.bytes.subarray(chunk.starts[index], (chunk.starts[index + 1] ?? 1) - 1),
  }
}
