import { HttpError } from '../http-error.ts'

export type Action = 'create' | 'index' | 'update' | 'delete'

/** One action of a `_bulk` request. */
export interface BulkItem {
  readonly action: Action
  readonly index: string
  readonly id: string | undefined
  /** The line behind the action's; absent for a delete. */
  readonly source: Buffer | undefined
}

interface Options {
  /** Of the path, for actions that name none. */
  readonly index: string | undefined
  readonly maxItems: number
}

/** An index and an id have at most a kilobyte. */
const maxActionBytes = 16_384
const lineFeed = 0x0a
const carriageReturn = 0x0d
const actions: ReadonlySet<string> = new Set<Action>(['create', 'index', 'update', 'delete'])

const invalid = (message: string): HttpError => new HttpError(400, 'invalid', { message })

interface Parameters {
  readonly _index?: unknown
  readonly _id?: unknown
}

function parseAction(line: Buffer, number: number): readonly [Action, Parameters] {
  const malformed = (what: string) => invalid(`Malformed action/metadata line [${number}], ${what}`)
  if (line.length > maxActionBytes) throw malformed('it is too long')
  let value: unknown
  try {
    value = JSON.parse(line.toString())
  } catch {
    throw malformed('it is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw malformed('expected an object')
  const [[action, parameters] = [], ...others] = Object.entries(value)
  if (action === undefined || !actions.has(action) || others.length > 0)
    throw malformed('expected one of create, index, update, delete')
  if (typeof parameters !== 'object' || parameters === null)
    throw malformed(`expected an object in [${action}]`)
  return [action as Action, parameters as Parameters]
}

const toText = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

interface Lines {
  /** Undefined past the last. */
  next(): Buffer | undefined
  /** Of the last one that was given, from 1. */
  readonly number: number
}

function linesOf(body: Buffer): Lines {
  let [at, number] = [0, 0]
  return {
    next: () => {
      if (at >= body.length) return undefined
      const end = body.indexOf(lineFeed, at)
      const line = body.subarray(at, end)
      at = end + 1
      number += 1
      return line
    },
    get number() {
      return number
    },
  }
}

function readItem(line: Buffer, lines: Lines, index: string | undefined): BulkItem {
  const { number } = lines
  const [action, parameters] = parseAction(line, number)
  const named = toText(parameters._index) ?? index
  if (named === undefined) throw invalid('Validation Failed: 1: index is missing;')
  const source = action === 'delete' ? undefined : lines.next()
  if (source === undefined && action !== 'delete')
    throw invalid(`Malformed action/metadata line [${number}], nothing follows it`)
  return { action, index: named, id: toText(parameters._id), source }
}

const isBlank = (line: Buffer): boolean =>
  line.length === 0 || (line.length === 1 && line[0] === carriageReturn)

/** Reads all of https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk; what is wrong with an action refuses the whole, as Elasticsearch does, what is wrong with a source does not. */
export function readBulk(body: Buffer, { index, maxItems }: Options): readonly BulkItem[] {
  if (body.length === 0) throw invalid('request body is required')
  if (body.at(-1) !== lineFeed)
    throw invalid('The bulk request must be terminated by a newline [\\n]')
  const items: BulkItem[] = []
  const lines = linesOf(body)
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (isBlank(line)) continue
    if (items.length === maxItems)
      throw new HttpError(413, 'request too large', { message: `more than ${maxItems} actions` })
    items.push(readItem(line, lines, index))
  }
  if (items.length === 0) throw invalid('Validation Failed: 1: no requests added;')
  return items
}
