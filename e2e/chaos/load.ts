import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../client.ts'
import {
  type Count,
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
} from '../oracle.ts'
import { type Message, publishAll } from '../publisher.ts'

export interface LoadOptions {
  /** Names the measurement; no two loads share one. */
  readonly name: string
  readonly senderUrl: string
  /** Where in time its items begin; a minute of the load's own. */
  readonly startMs: number
}

/** Numbered points and records that flow while a fault stands. All that the broker confirmed counts, and the publisher repeats the rest until it is confirmed. */
export interface Load {
  /** Everything sent so far is confirmed; nothing is sent until `release`. */
  hold(): Promise<void>
  release(): void
  /** Resolves when everything sent so far can be read back, or rejects after a while. To be asked while held. */
  stored(client: Client): Promise<void>
  /** Sends everything so far once more, in other batches. */
  repeat(): Promise<void>
  /** Sends half as many points again, in the same series, hours older. */
  addLate(): Promise<void>
  /** Sends lines that no store takes, each among good ones. */
  addRefused(): Promise<void>
  /** Ends the flow; resolves when all is confirmed. */
  end(): Promise<void>
  readonly items: number
  /** Items sent, repeats counted. */
  readonly sent: { readonly metrics: number; readonly logs: number }
  readonly refused: readonly string[]
  count(client: Client): Promise<Count>
}

const slicePoints = 2000
const sliceRecords = 400
const perMessage = 100
const paceMs = 200
const lateMs = 5 * 3_600_000
const refusedCount = 50
/** Publishers stop here however long a fault lasts: a load's records have a minute of their own, a millisecond each. */
const maxSlices = 140

interface State extends LoadOptions {
  points: number
  records: number
  sentPoints: number
  sentRecords: number
  gate: Promise<void>
  open: () => void
  sending: Promise<void>
  ending: boolean
  readonly refused: string[]
}

const pointsOf = ({ name }: State, first: number, count: number): Numbered => ({
  name,
  first,
  count,
  perMessage,
})
const recordsOf = ({ name }: State, first: number, count: number): Numbered => ({
  name,
  dataset: 'chaos',
  first,
  count,
  perMessage,
})

async function send(state: State, messages: readonly Message[]): Promise<void> {
  await publishAll(state.senderUrl, messages)
}

async function sendSlice(state: State): Promise<void> {
  const points = pointsOf(state, state.points, slicePoints)
  const records = recordsOf(state, state.records, sliceRecords)
  state.points += slicePoints
  state.records += sliceRecords
  state.sentPoints += slicePoints
  state.sentRecords += sliceRecords
  await send(state, [
    ...numberedPoints(points, state.startMs),
    ...numberedRecords(records, state.startMs),
  ])
}

async function flow(state: State): Promise<void> {
  for (let slice = 0; slice < maxSlices; slice++) {
    await state.gate
    if (state.ending) return
    state.sending = sendSlice(state)
    await state.sending
    await sleep(paceMs)
  }
}

async function count(state: State, client: Client): Promise<Count> {
  const points = await countPoints(client, pointsOf(state, 0, state.points))
  const records = await countRecords(client, recordsOf(state, 0, state.records), state.startMs)
  return {
    stored: points.stored + records.stored,
    lost: points.lost + records.lost,
    doubled: points.doubled + records.doubled,
  }
}

async function untilStored(state: State, client: Client): Promise<void> {
  const deadline = Date.now() + 180_000
  for (;;) {
    const lost = await count(state, client).then(
      (found) => found.lost,
      () => undefined,
    )
    if (lost === 0) return
    if (Date.now() > deadline) throw new Error(`${lost ?? 'unknown'} items are not stored`)
    await sleep(200)
  }
}

async function repeat(state: State): Promise<void> {
  state.sentPoints += state.points
  state.sentRecords += state.records
  await send(state, [
    ...numberedPoints({ ...pointsOf(state, 0, state.points), perMessage: 333 }, state.startMs),
    ...numberedRecords({ ...recordsOf(state, 0, state.records), perMessage: 77 }, state.startMs),
  ])
}

async function addLate(state: State): Promise<void> {
  const late = state.points >> 1
  const points = pointsOf(state, state.points, late)
  state.points += late
  state.sentPoints += late
  await send(state, numberedPoints(points, state.startMs - lateMs))
}

async function addRefused(state: State): Promise<void> {
  const messages = numberedPoints(pointsOf(state, 0, refusedCount), state.startMs).slice(0, 1)
  const [good] = messages
  const refused = Array.from(
    { length: refusedCount },
    (_, index) => `${state.name},part=s0 n=no${index}`,
  )
  state.refused.push(...refused)
  state.sentPoints += refusedCount * refusedCount
  await send(
    state,
    refused.map((line, index) => ({
      exchange: 'warren.metrics',
      key: 'default.-.oracle',
      body: Buffer.concat([good?.body ?? Buffer.alloc(0), Buffer.from(`${line}\n`)]),
      options: { ...good?.options, messageId: `${state.name}-refused-${index}` },
    })),
  )
}

export function startLoad(options: LoadOptions): Load {
  const state: State = {
    ...options,
    points: 0,
    records: 0,
    sentPoints: 0,
    sentRecords: 0,
    gate: Promise.resolve(),
    open: () => undefined,
    sending: Promise.resolve(),
    ending: false,
    refused: [],
  }
  const flowing = flow(state)
  flowing.catch(() => undefined)
  return {
    hold: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      state.gate = promise
      state.open = resolve
      await state.sending
    },
    release: () => state.open(),
    stored: (client) => untilStored(state, client),
    repeat: () => repeat(state),
    addLate: () => addLate(state),
    addRefused: () => addRefused(state),
    end: () => {
      state.ending = true
      return flowing
    },
    get items() {
      return state.points + state.records + state.refused.length
    },
    get sent() {
      return { metrics: state.sentPoints, logs: state.sentRecords }
    },
    refused: state.refused,
    count: (client) => count(state, client),
  }
}
