import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'
import type {
  BucketScriptPipeline,
  MovingPipeline,
  PipelineAggregation,
  SequencePipeline,
  SiblingPipeline,
} from '../pipeline-tree.ts'
import { readObject, required } from '../read/object-reader.ts'
import { parseDuration } from './histograms.ts'
import { parseMovingAverage } from './moving-average.ts'
import { checkPathText, checkWindow, openPipeline, parsePath } from './pipeline-reader.ts'
import { parseScript } from './script.ts'

/** A pipeline by its name in the DSL; `undefined` for any other aggregation. */
export function parsePipeline(type: string, body: unknown): PipelineAggregation | undefined {
  switch (type) {
    case 'derivative':
    case 'cumulative_sum':
    case 'serial_diff':
      return parseSequence(type, body)
    case 'moving_fn':
      return parseMovingFunction(body)
    case 'moving_avg':
      return parseMovingAverage(openPipeline('moving_avg', body))
    case 'bucket_script':
      return parseBucketScript(body)
    case 'avg_bucket':
    case 'max_bucket':
    case 'min_bucket':
    case 'sum_bucket':
      return parseSibling(type, body)
    default:
      return undefined
  }
}

function parseSequence(type: SequencePipeline['type'], body: unknown): SequencePipeline {
  const reader = openPipeline(type, body)
  const path = parsePath(reader)
  const unit = type === 'derivative' ? reader.text('unit') : undefined
  const lag = type === 'serial_diff' ? (reader.number('lag') ?? 1) : undefined
  reader.end()
  if (lag !== undefined && (!Number.isInteger(lag) || lag < 1))
    throw malformed('[lag] must be a positive integer')
  return {
    type,
    path,
    ...(unit === undefined ? {} : { unit: { text: unit, ms: unitMs(unit) } }),
    ...(lag === undefined ? {} : { lag }),
  }
}

/** Units of the calendar are as long as the mean one, as Java's `ChronoUnit` has them. */
const calendarUnitMs: Readonly<Record<string, number>> = {
  ...{ second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 },
  ...{ '1w': 604_800_000, week: 604_800_000, '1M': 2_629_746_000, month: 2_629_746_000 },
  ...{ '1q': 7_889_238_000, quarter: 7_889_238_000, '1y': 31_556_952_000, year: 31_556_952_000 },
}

function unitMs(text: string): number {
  const ms = Object.hasOwn(calendarUnitMs, text) ? calendarUnitMs[text] : parseDuration(text)
  if (ms === undefined || ms < 1) throw malformed(`unknown [unit] [${text}]`)
  return ms
}

function parseMovingFunction(body: unknown): MovingPipeline {
  const reader = openPipeline('moving_fn', body)
  const path = parsePath(reader)
  const window = checkWindow(required(reader.number('window'), 'window', 'moving_fn'))
  const shift = reader.number('shift') ?? 0
  const script = reader.take('script')
  reader.end()
  if (!Number.isInteger(shift) || Math.abs(shift) > limits.window)
    throw malformed(`[shift] must be a whole number up to ${limits.window}`)
  return {
    type: 'moving_fn',
    path,
    window,
    shift,
    script: parseScript(required(script, 'script', 'moving_fn'), { kind: 'window' }),
  }
}

/** What a script may call its values; also what may stand in our printed script. */
const paramName = /^[A-Za-z_]\w{0,63}$/

function parseBucketScript(body: unknown): BucketScriptPipeline {
  const reader = openPipeline('bucket_script', body)
  const sent = readObject(
    required(reader.take('buckets_path'), 'buckets_path', 'bucket_script'),
    'buckets_path',
  )
  const paths = Object.fromEntries(
    sent.rest().map((name) => {
      if (!paramName.test(name))
        throw refused(`[${name}] is not accepted as a name in [buckets_path]`)
      return [name, parsePath(readObject({ buckets_path: sent.take(name) }, 'bucket_script'))]
    }),
  )
  const script = required(reader.take('script'), 'script', 'bucket_script')
  reader.end()
  const names = new Set(Object.keys(paths))
  return { type: 'bucket_script', paths, script: parseScript(script, { kind: 'params', names }) }
}

/** `terms>metric`: one aggregation with buckets and a metric in it. */
function parseSibling(type: SiblingPipeline['type'], body: unknown): SiblingPipeline {
  const reader = openPipeline(type, body)
  const text = checkPathText(required(reader.take('buckets_path'), 'buckets_path', type))
  reader.end()
  const [of = '', path, more] = text.split('>').map((part) => part.trim())
  if (path === undefined || path === '' || more !== undefined)
    throw refused(
      `buckets_path [${text}] of [${type}] must be an aggregation and a metric in it, as [1>2]`,
    )
  return { type, of, path }
}
