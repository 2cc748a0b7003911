import { WarrenError } from '@warren/platform/errors'
import { type FieldType, recordFields } from '../log-store.ts'
import { type Asker, reasonIn } from './client.ts'

const name = 'warren-logs'

/** `ignore_above` counts UTF-16 units; Lucene's longest term is 32,766 bytes of UTF-8, at most four a unit. */
const longestKeyword = 8191

const mappings: Readonly<Record<FieldType, object>> = {
  // Keeps the nanoseconds that a log record may have; dates before 1970 and after 2262 are refused.
  date: { type: 'date_nanos' },
  text: { type: 'text', analyzer: 'standard' },
  keyword: { type: 'keyword', ignore_above: longestKeyword },
  long: { type: 'long', ignore_malformed: true },
  flattened: { type: 'flattened', ignore_above: longestKeyword, depth_limit: 2 },
}

const toMapping = ([field, type]: readonly [string, FieldType]) => [
  field,
  // A bad clock of the observer is no reason to lose the record.
  field === 'observed_timestamp' ? { ...mappings.date, ignore_malformed: true } : mappings[type],
]

/** Above the priority of Elasticsearch's own `logs-*-*` (100). https://www.elastic.co/docs/manage-data/data-store/templates */
const template = {
  index_patterns: ['logs-warren.*-*'],
  priority: 300,
  data_stream: {},
  template: {
    settings: { 'index.auto_expand_replicas': '0-1', 'index.codec': 'best_compression' },
    mappings: {
      dynamic: false,
      properties: Object.fromEntries([...recordFields].map(toMapping)),
    },
  },
}

/** Makes the template what it should be; changes nothing when it is. */
async function putTemplate(client: Asker): Promise<void> {
  const path = `/_index_template/${name}`
  const { status, body } = await client.ask({ method: 'PUT', path, body: template })
  if (status < 300) return
  throw new WarrenError(`Elasticsearch refused the index template ${name}: ${reasonIn(body)}`, {
    code: 'store_misconfigured',
    disposition: 'retry',
  })
}

/** How long the template is trusted to be in place. */
const trustMs = 60_000

/** Keeps the template in place: someone may delete it, or restore an older cluster state. */
export class TemplateKeeper {
  readonly #client: Asker
  readonly #nowMs: () => number
  #putAtMs = Number.NEGATIVE_INFINITY

  constructor(client: Asker, nowMs: () => number = () => performance.now()) {
    this.#client = client
    this.#nowMs = nowMs
  }

  /** Puts the template unless that was done a short time ago. */
  async ensure(): Promise<void> {
    if (this.#nowMs() - this.#putAtMs > trustMs) await this.put()
  }

  async put(): Promise<void> {
    await putTemplate(this.#client)
    this.#putAtMs = this.#nowMs()
  }
}
