import { malformed, refused } from '../errors.ts'
import type { MovingPipeline } from '../pipeline-tree.ts'
import { type ObjectReader, readObject } from '../read/object-reader.ts'
import type { MovingCall } from '../script/tree.ts'
import { checkWindow, parsePath } from './pipeline-reader.ts'

/** `moving_avg`, which Elasticsearch 8 no longer has and Grafana's editor still offers: the moving function that took its place.
 *  Its models and defaults: https://www.elastic.co/guide/en/elasticsearch/reference/7.17/search-aggregations-pipeline-movavg-aggregation.html */
export function parseMovingAverage(reader: ObjectReader): MovingPipeline {
  const path = parsePath(reader)
  const window = checkWindow(reader.number('window') ?? 5)
  const model = reader.text('model') ?? 'simple'
  const settings = readObject(reader.take('settings') ?? {}, 'settings')
  const call = callOf(model, settings)
  const minimize = reader.flag('minimize') ?? false
  const predict = reader.number('predict') ?? 0
  reader.end()
  settings.end()
  if (minimize) throw refused('[minimize] of [moving_avg] is not accepted: name alpha, beta, gamma')
  if (predict > 0)
    throw refused('[predict] of [moving_avg] is not accepted: Elasticsearch 8 removed it')
  return { type: 'moving_fn', path, window, shift: 0, script: { kind: 'moving', call } }
}

function callOf(model: string, settings: ObjectReader): MovingCall {
  const alpha = settings.number('alpha')
  const beta = settings.number('beta')
  switch (model) {
    case 'simple':
      return { name: 'unweightedAvg' }
    case 'linear':
      return { name: 'linearWeightedAvg' }
    case 'ewma':
      return { name: 'ewma', alpha: alpha ?? 0.3 }
    case 'holt':
      return { name: 'holt', alpha: alpha ?? 0.3, beta: beta ?? 0.1 }
    case 'holt_winters':
      // Ours is always padded, as the default was.
      settings.flag('pad')
      return {
        name: 'holtWinters',
        alpha: alpha ?? 0.3,
        beta: beta ?? 0.1,
        gamma: settings.number('gamma') ?? 0.3,
        period: periodOf(settings),
        multiplicative: typeOf(settings) === 'mult',
      }
    default:
      throw malformed(`Unknown model [${model}] of [moving_avg]`)
  }
}

function periodOf(settings: ObjectReader): number {
  const period = settings.number('period') ?? 1
  if (Number.isInteger(period) && period >= 1) return checkWindow(period)
  throw malformed('[period] must be a positive integer')
}

function typeOf(settings: ObjectReader): string {
  const type = settings.text('type') ?? 'add'
  if (type === 'add' || type === 'mult') return type
  throw malformed(`Unknown seasonality [${type}] of [moving_avg]`)
}
