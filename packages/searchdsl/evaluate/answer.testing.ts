import type { Json } from '../answer.ts'
import { parseSearch } from '../parse/search.ts'
import { createCollector } from './collector.ts'
import { PlainRecordView } from './record-view.ts'

/** The aggregations over records as an answer has them, with the most bytes that were held for them. */
export function aggregate(aggs: object, sources: Iterable<Readonly<Record<string, Json>>>) {
  let [held, most, order] = [0, 0, 0]
  const memory = {
    take(bytes: number) {
      held += bytes
      most = Math.max(most, held)
    },
    giveBack(bytes: number) {
      held -= bytes
    },
  }
  const collector = createCollector(parseSearch({ size: 0, aggs }), 0, memory)
  for (const source of sources)
    collector.add(new PlainRecordView({ id: `${order}`, index: 'x', order: order++ }, source))
  const { aggregations } = JSON.parse(JSON.stringify(collector.answer()))
  return { aggregations, most }
}
