import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../client.ts'
import {
  type Count,
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
  timeOfPoint,
} from '../oracle.ts'
import { type Message, publishAll } from '../publisher.ts'
import { type Gate, openGate } from './gate.ts'
import { type RefusedItem, refusedPoints, refusedRecords, withLines } from './refused.ts'

export interface LoadOptions {
  /** Names the measurement. Every load has another one, none is part of another. */
  readonly name: string
  readonly senderUrl: string
  /** Where in time its items begin; a minute of the load's own. */
  readonly startMs: number
  /** Publishers stop after so many slices however long a fault lasts; at most `maxSlices`. */
  readonly slicesAtMost: number
}

/** Numbered points and records that flow while a fault stands, some that no store takes among them. All that the broker confirmed counts, and the publisher repeats the rest until it is confirmed. */
export interface Load {
  readonly name: string
  /** Everything sent so far is confirmed; nothing is sent until everyone who holds has called `release`. */
  hold(): Promise<void>
  release(): void
  /** Resolves as soon as some more items are confirmed: the platform has them in its hands then. */
  confirmed(): Promise<void>
  /** Resolves when everything sent so far can be read back, or rejects after a while. To be asked while held. */
  stored(client: Client): Promise<void>
  /** Sends every good item so far once more, in other batches. */
  repeat(): Promise<void>
  /** Sends half as many points again, in the same series, hours older. */
  addLate(): Promise<void>
  /** Ends the flow; resolves when all is confirmed. */
  end(): Promise<void>
  readonly items: number
  /** Items sent, repeats counted. */
  readonly sent: Readonly<Record<'metrics' | 'logs' | 'parked', number>>
  readonly refused: readonly RefusedItem[]
  count(client: Client): Promise<Count>
}

const slicePoints = 2000
const sliceRecords = 400
const perMessage = 100
const paceMs = 200
const lateMs = 5 * 3_600_000
/** A load's records have a minute of their own, a millisecond each. */
export const maxSlices = 140
/** In the load's minute, after the times of all good points. */
const refusedAfterMs = 59_000
/** Generous: a machine under load recovers slowly, which is no verdict. */
const storedWithinMs = 480_000

/** Points by number, whose times follow from a start of their own. */
interface Range {
  readonly first: number
  readonly count: number
  readonly startMs: number
}

interface State extends LoadOptions {
  slices: number
  points: number
  readonly ranges: Range[]
  records: number
  sentPoints: number
  sentRecords: number
  readonly gate: Gate
  sending: Promise<void>
  confirmed: PromiseWithResolvers<void>
  ending: boolean
  readonly refused: RefusedItem[]
}

/** The next numbers, for points from there on; what follows the last range makes it longer. */
function takePoints(state: State, count: number, startMs: number): Numbered {
  const first = state.points
  const last = state.ranges.at(-1)
  const follows = last?.startMs === startMs
  if (follows) state.ranges.pop()
  state.ranges.push(follows ? { ...last, count: last.count + count } : { first, count, startMs })
  state.points += count
  state.sentPoints += count
  return pointsOf(state, first, count)
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

function takeSlice(state: State): readonly Message[] {
  const { name, startMs } = state
  const points = takePoints(state, slicePoints, startMs)
  const records = recordsOf(state, state.records, sliceRecords)
  const slice = {
    name,
    number: state.slices,
    timeMs: startMs + refusedAfterMs + state.slices,
  }
  state.slices += 1
  state.records += sliceRecords
  state.sentRecords += sliceRecords
  const groups = [
    { messages: numberedPoints(points, startMs), refused: refusedPoints(slice) },
    { messages: numberedRecords(records, startMs), refused: refusedRecords(slice) },
  ]
  return groups.flatMap(({ messages: [first, ...others], refused }) => {
    if (first === undefined) throw new Error('BUG: a slice has messages')
    state.refused.push(...refused)
    return [withLines(first, refused), ...others]
  })
}

async function flow(state: State): Promise<void> {
  while (state.slices < state.slicesAtMost) {
    await state.gate.passed()
    if (state.ending) return
    state.sending = publishAll(state.senderUrl, takeSlice(state))
    await state.sending
    state.confirmed.resolve()
    state.confirmed = Promise.withResolvers()
    await sleep(paceMs)
  }
}

async function count(state: State, client: Client): Promise<Count> {
  const points = await countPoints(client, pointsOf(state, 0, state.points), (number) => {
    const range = state.ranges.find(({ first, count: size }) => number < first + size)
    return timeOfPoint(number, range?.startMs ?? Number.NaN)
  })
  const records = await countRecords(client, recordsOf(state, 0, state.records), state.startMs)
  return {
    stored: points.stored + records.stored,
    lost: points.lost + records.lost,
    doubled: points.doubled + records.doubled,
  }
}

/** One cheap question, before everything is read back. */
async function mayBeComplete({ name, points }: State, client: Client): Promise<boolean> {
  if (points === 0) return true
  const [series] = await client.query(`SELECT count(n) FROM ${name}`)
  return Number(series?.values[0]?.[1] ?? 0) >= points
}

async function missing(state: State, client: Client): Promise<number | undefined> {
  try {
    if (!(await mayBeComplete(state, client))) return undefined
    return (await count(state, client)).lost
  } catch {
    return undefined
  }
}

async function untilStored(state: State, client: Client): Promise<void> {
  for (const deadline = Date.now() + storedWithinMs; ; await sleep(200)) {
    const lost = await missing(state, client)
    if (lost === 0) return
    if (Date.now() > deadline) throw new Error(`${lost ?? 'unknown'} items are not stored`)
  }
}

async function repeat(state: State): Promise<void> {
  const { points, ranges, records, startMs, senderUrl } = state
  state.sentPoints += points
  state.sentRecords += records
  await publishAll(senderUrl, [
    ...ranges.flatMap((range) =>
      numberedPoints(
        { ...pointsOf(state, range.first, range.count), perMessage: 333 },
        range.startMs,
      ),
    ),
    ...numberedRecords({ ...recordsOf(state, 0, records), perMessage: 77 }, startMs),
  ])
}

async function addLate(state: State): Promise<void> {
  const startMs = state.startMs - lateMs
  const points = takePoints(state, state.points >> 1, startMs)
  await publishAll(state.senderUrl, numberedPoints(points, startMs))
}

export function startLoad(options: LoadOptions): Load {
  const state: State = {
    ...options,
    slices: 0,
    points: 0,
    ranges: [],
    records: 0,
    sentPoints: 0,
    sentRecords: 0,
    gate: openGate(),
    sending: Promise.resolve(),
    confirmed: Promise.withResolvers(),
    ending: false,
    refused: [],
  }
  const flowing = flow(state)
  flowing.catch(() => undefined)
  return {
    name: options.name,
    hold: async () => {
      state.gate.hold()
      await state.sending
    },
    release: state.gate.release,
    confirmed: () => Promise.race([state.confirmed.promise, flowing]),
    stored: (client) => untilStored(state, client),
    repeat: () => repeat(state),
    addLate: () => addLate(state),
    end: () => {
      state.ending = true
      return flowing
    },
    get items() {
      return state.points + state.records + state.refused.length
    },
    get sent() {
      return {
        metrics: state.sentPoints,
        logs: state.sentRecords,
        parked: state.refused.length,
      }
    },
    refused: state.refused,
    count: (client) => count(state, client),
  }
}
