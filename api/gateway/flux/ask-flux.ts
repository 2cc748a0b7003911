import { setImmediate as turn } from 'node:timers/promises'
import type { FluxAnswer, FluxQuestion } from '@warren/stores/metric-flux'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { Refusal } from '../../http/refusal.ts'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import { LineCount } from '../count-lines.ts'
import { requireSize } from '../influxdb/body/pieces.ts'

export type AskFlux = NonNullable<MetricStore['flux']>

interface AskFluxOptions {
  readonly flux: AskFlux
  readonly askStore: AskStore
  readonly maxAnswerBytes: number
}

interface FluxRows {
  readonly pieces: readonly Buffer[]
  readonly bytes: number
  /** Lines, those of annotations included. */
  readonly rows: number
}

/** The whole answer, in memory that `asker.share` has taken. The turn at the store ends with it: who reads slowly keeps memory, not the store (ADR 56). Throws a `Refusal` of what the store
 *  blames the program for, and `answer_too_large`. */
export async function askFlux(
  question: Omit<FluxQuestion, 'signal' | 'share'>,
  asker: Asker,
  { flux, askStore, maxAnswerBytes }: AskFluxOptions,
): Promise<FluxRows> {
  const { share, trail } = asker
  const answer = await askStore(asker, {
    ...{ store: 'metrics', cost: trail.cost },
    ask: (signal) => flux({ ...question, signal, share }),
  })
  if (answer.kind === 'refused') refuse(answer)
  const { pieces } = answer
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
  requireSize(bytes, maxAnswerBytes)
  return { pieces, bytes, rows: await countLines(pieces) }
}

function refuse({ status, message }: Extract<FluxAnswer, { kind: 'refused' }>): never {
  throw new Refusal(status === 404 ? 'not_found' : 'bad_request', message)
}

const piecesATurn = 16

async function countLines(pieces: readonly Buffer[]): Promise<number> {
  const count = new LineCount()
  for (const [index, piece] of pieces.entries()) {
    count.add(piece)
    if (index % piecesATurn === piecesATurn - 1) await turn()
  }
  return count.lines
}
