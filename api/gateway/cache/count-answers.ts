import { Counter, type Registry } from 'prom-client'
import type { CacheState } from './cache-use.ts'

/** Counts answers to metric queries by how they came about. */
export function countAnswers(registry: Registry): (state: CacheState) => void {
  const answers = new Counter({
    name: 'warren_api_metric_answers_total',
    help: 'Answers to metric queries, by what the cache had of them',
    labelNames: ['cache'],
    registers: [registry],
  })
  return (state) => answers.inc({ cache: state })
}
